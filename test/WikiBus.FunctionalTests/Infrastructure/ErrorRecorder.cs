using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>Keeps the server's log messages, so that a test fails on an Error that it did not expect.</summary>
internal sealed class ErrorRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentBag<string> _expected = [];

    /// <summary>All messages, one line each.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Errors that the test did not expect.</summary>
    public IReadOnlyList<string> UnexpectedErrors =>
        [.. _errors.Where(error => !_expected.Any(part => error.Contains(part, StringComparison.Ordinal)))];

    /// <summary>From now on, Errors that contain this text are expected.</summary>
    public void Expect(string part) => _expected.Add(part);

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string line)
    {
        _lines.Enqueue(line);
        if (level >= LogLevel.Error)
        {
            _errors.Enqueue(line);
        }
    }

    private sealed class Recorder(ErrorRecorder owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            owner.Add(logLevel, $"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}

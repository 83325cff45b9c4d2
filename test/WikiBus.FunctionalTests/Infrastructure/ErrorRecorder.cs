using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>Keeps what the server says, so that a test fails on an Error that it did not declare.</summary>
internal sealed class ErrorRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentBag<string> _expected = [];

    /// <summary>Everything said, one line each.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Errors that were not declared.</summary>
    public IReadOnlyList<string> UnexpectedErrors =>
        [.. _errors.Where(error => !_expected.Any(part => error.Contains(part, StringComparison.Ordinal)))];

    /// <summary>Declares that Errors which contain this text belong to the test.</summary>
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

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            owner.Add(logLevel, $"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}

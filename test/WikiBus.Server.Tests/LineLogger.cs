using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WikiBus.Server.Tests;

/// <summary>Keeps what is logged, a line each, with its level in front.</summary>
internal sealed class LineLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _hasLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Runs when a line is logged, before the work that logs it continues.</summary>
    public Action<string> OnLine { get; set; } = static _ => { };

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)} {exception?.GetType().Name}";
        _lines.Enqueue(line);
        OnLine(line);
        _hasLine.TrySetResult();
    }

    /// <summary>Ends when something has been logged.</summary>
    public Task WaitForLineAsync() => _hasLine.Task;
}

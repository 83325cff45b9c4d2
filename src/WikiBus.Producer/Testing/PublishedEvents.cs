using System.Collections.Immutable;

namespace WikiBus.Producer;

/// <summary>
/// The events that a wiki published in its own tests, in the order in which services would have got them
/// (<c>AddWikiBusProducerTesting</c>). All members are safe for concurrent use.
/// </summary>
public sealed class PublishedEvents
{
    private readonly Lock _lock = new();
    private ImmutableList<PublishedEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PublishedEvents()
    {
    }

    /// <summary>The events until now.</summary>
    public IReadOnlyList<PublishedEvent> Current
    {
        get
        {
            lock (_lock)
            {
                return _events;
            }
        }
    }

    /// <summary>
    /// Waits until there are as many events, and returns all. Events are flushed after a response has ended, so a test
    /// that has the response waits for them.
    /// </summary>
    /// <param name="count">How many events at least.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PublishedEvent>> WaitAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_events.Count >= count)
                {
                    return _events;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    internal void Add(IEnumerable<PublishedEvent> events)
    {
        lock (_lock)
        {
            _events = _events.AddRange(events);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

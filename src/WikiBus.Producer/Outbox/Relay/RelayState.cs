using System.Collections.Concurrent;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>What the relay of this process is doing, for the health check. It is safe for concurrent use.</summary>
internal sealed class RelayState
{
    private readonly ConcurrentDictionary<OutboxQueue, RelayFault> _faults = new();
    private volatile string? _databaseFault;
    private volatile bool _isLeading;

    /// <summary>Whether this process sends.</summary>
    public bool IsLeading
    {
        get => _isLeading;
        set => _isLeading = value;
    }

    /// <summary>Why the relay cannot work with the database; null if it can.</summary>
    public string? DatabaseFault
    {
        get => _databaseFault;
        set => _databaseFault = value;
    }

    /// <summary>What holds up queues now.</summary>
    public IEnumerable<RelayFault> Faults => _faults.Values;

    /// <summary>A queue is held up.</summary>
    /// <returns>False if it was already, in the same way.</returns>
    public bool TryFail(RelayFault fault)
    {
        var isNew = !_faults.TryGetValue(fault.Queue, out var last) || last.IsAlarm != fault.IsAlarm;
        _faults[fault.Queue] = fault;
        return isNew;
    }

    /// <summary>A queue is not held up any more.</summary>
    /// <returns>False if it was not.</returns>
    public bool TryClear(OutboxQueue queue) => _faults.TryRemove(queue, out _);

    /// <summary>This process does not send any more.</summary>
    public void Clear()
    {
        IsLeading = false;
        _faults.Clear();
    }
}

/// <summary>Why a queue is held up.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Text">The answer in words.</param>
/// <param name="IsAlarm">Whether somebody has to mend the settings.</param>
internal sealed record RelayFault(OutboxQueue Queue, string Text, bool IsAlarm);

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Some of the connections, woken together: with 1,000 connections a work item of the thread pool for each would cost
/// as much as the writing itself. A section that is due does not become due again before its offer, which sees the
/// newest end.
/// </summary>
internal sealed class AudienceSection
{
    /// <summary>
    /// Connections in a section: enough to save work items, few enough that all processors share them.
    /// </summary>
    public const int Size = 32;

    private readonly StreamConnection?[] _seats = new StreamConnection?[Size];
    private int _count;
    private int _isDue;

    /// <summary>Takes a seat; false when there is none. The caller holds the audience's lock.</summary>
    public bool TrySeat(StreamConnection connection)
    {
        if (_count == Size)
        {
            return false;
        }

        Volatile.Write(ref _seats[Array.IndexOf(_seats, null)], connection);
        _count++;
        return true;
    }

    /// <summary>Leaves the seat. The caller holds the audience's lock.</summary>
    public void Leave(StreamConnection connection)
    {
        Volatile.Write(ref _seats[Array.IndexOf(_seats, connection)], null);
        _count--;
    }

    /// <summary>Marks the section as due; false if it has no connections, or was due. The caller must offer.</summary>
    public bool TryMarkDue() => Volatile.Read(ref _count) > 0 && Interlocked.Exchange(ref _isDue, 1) == 0;

    /// <summary>Offers the newest records to all connections that wait.</summary>
    public void Offer()
    {
        // First: a commit from here on makes the section due again.
        Interlocked.Exchange(ref _isDue, 0);
        for (var index = 0; index < Size; index++)
        {
            Volatile.Read(ref _seats[index])?.Offer();
        }
    }

    /// <summary>The connections that sit here now, or a moment ago.</summary>
    public IEnumerable<StreamConnection> Seated
    {
        get
        {
            for (var index = 0; index < Size; index++)
            {
                if (Volatile.Read(ref _seats[index]) is { } connection)
                {
                    yield return connection;
                }
            }
        }
    }
}

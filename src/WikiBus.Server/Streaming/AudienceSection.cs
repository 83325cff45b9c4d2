namespace WikiBus.Server.Streaming;

/// <summary>
/// Some of the connections, woken together by one work item: at 1,000 connections a work item for each would cost as
/// much as the writing itself. A section that is queued and not yet run is not queued again; it will see the newest
/// end.
/// </summary>
internal sealed class AudienceSection : IThreadPoolWorkItem
{
    /// <summary>
    /// Connections in a section: enough to save work items, few enough that all processors share them.
    /// </summary>
    public const int Size = 32;

    private readonly Subscription?[] _seats = new Subscription?[Size];
    private int _count;
    private int _isQueued;

    /// <summary>Takes a seat; false when there is none. The caller holds the audience's lock.</summary>
    public bool TrySeat(Subscription subscription)
    {
        if (_count == Size)
        {
            return false;
        }

        Volatile.Write(ref _seats[Array.IndexOf(_seats, null)], subscription);
        _count++;
        return true;
    }

    /// <summary>Leaves the seat. The caller holds the audience's lock.</summary>
    public void Leave(Subscription subscription)
    {
        Volatile.Write(ref _seats[Array.IndexOf(_seats, subscription)], null);
        _count--;
    }

    /// <summary>Offers the newest records to all who wait, on a pool thread.</summary>
    public void QueueOffer()
    {
        if (Volatile.Read(ref _count) > 0 && Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Those who sit here now, or a moment ago.</summary>
    public IEnumerable<Subscription> Seated
    {
        get
        {
            for (var index = 0; index < Size; index++)
            {
                if (Volatile.Read(ref _seats[index]) is { } subscription)
                {
                    yield return subscription;
                }
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Open for the next offer before looking: what is committed from here on queues the section anew.
        Interlocked.Exchange(ref _isQueued, 0);
        for (var index = 0; index < Size; index++)
        {
            Volatile.Read(ref _seats[index])?.Offer();
        }
    }
}

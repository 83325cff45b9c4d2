using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// How much may wait or be dead in the database: per subscription, per owner and in all. Belongs to the engine's lock.
/// </summary>
internal sealed class WaitingRoom(DeliveriesOptions options)
{
    /// <summary>One owner gets at most this part of all bytes.</summary>
    private const int OwnerShare = 4;

    private readonly Dictionary<string, long> _bytesOfOwners = new(StringComparer.Ordinal);

    /// <summary>Bytes of all waiting and dead deliveries.</summary>
    public long Bytes { get; private set; }

    /// <summary>Is there room for one more waiting delivery?</summary>
    public bool HasRoom(Subscription subscription, long bytes) =>
        subscription.Counts.Waiting < options.WaitingMax
        && Bytes + bytes <= options.WaitingBytesMax
        && _bytesOfOwners.GetValueOrDefault(subscription.Owner) + bytes <= options.WaitingBytesMax / OwnerShare;

    /// <summary>Has the subscription as many dead deliveries as are allowed?</summary>
    public bool IsFullOfDead(Subscription subscription) =>
        subscription.Counts.Dead >= options.DeadMax || subscription.Counts.DeadBytes >= options.DeadBytesMax;

    public void AddWaiting(Subscription subscription, long bytes, int count = 1)
    {
        subscription.Counts.Waiting += count;
        subscription.Counts.WaitingBytes += bytes;
        Count(subscription.Owner, bytes);
    }

    public void RemoveWaiting(Subscription subscription, long bytes, int count = 1) =>
        AddWaiting(subscription, -bytes, -count);

    public void AddDead(Subscription subscription, long bytes, int count = 1)
    {
        subscription.Counts.Dead += count;
        subscription.Counts.DeadBytes += bytes;
        Count(subscription.Owner, bytes);
    }

    public void RemoveDead(Subscription subscription, long bytes, int count = 1) =>
        AddDead(subscription, -bytes, -count);

    public void ChangeOwner(Subscription subscription, string owner)
    {
        var bytes = subscription.Counts.WaitingBytes + subscription.Counts.DeadBytes;
        Count(subscription.Owner, -bytes);
        subscription.Owner = owner;
        Count(owner, bytes);
    }

    private void Count(string owner, long bytes)
    {
        Bytes += bytes;
        _bytesOfOwners[owner] = _bytesOfOwners.GetValueOrDefault(owner) + bytes;
        if (_bytesOfOwners[owner] == 0)
        {
            _bytesOfOwners.Remove(owner);
        }
    }
}

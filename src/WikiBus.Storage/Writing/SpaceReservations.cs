namespace WikiBus.Storage.Writing;

/// <summary>
/// The free space that the writer and the preparation of segments are about to use. Each reserves its bytes first, and
/// then asks the system, so that both together never take more than there is. Safe for concurrent use.
/// </summary>
internal sealed class SpaceReservations
{
    private long _bytes;

    /// <summary>
    /// Bytes that are reserved. The system may count a part of them as used already, so this errs on the safe side.
    /// </summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>They are used, or not needed any more.</summary>
    public void Remove(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}

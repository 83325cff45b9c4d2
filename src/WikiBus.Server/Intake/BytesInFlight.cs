namespace WikiBus.Server.Intake;

/// <summary>
/// Counts the bytes that requests hold in memory, and refuses what goes beyond the limit. Safe for concurrent use.
/// </summary>
internal sealed class BytesInFlight(IntakeOptions options)
{
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>False, with nothing counted, when the limit is reached.</summary>
    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= options.BytesInFlightMax)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    public void Release(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}

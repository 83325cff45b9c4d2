using System.Diagnostics;

namespace WikiBus.Server.Intake.Settings;

/// <summary>
/// Counts the bytes that requests hold in memory, and refuses bytes beyond the limit. Safe for concurrent use.
/// </summary>
internal sealed class BytesInFlight(IntakeOptions options)
{
    private long _bytes;

    /// <summary>The limit.</summary>
    public long BytesMax => options.BytesInFlightMax;

    /// <summary>The bytes that are counted now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Counts bytes; false, with nothing counted, when the limit is reached.</summary>
    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= BytesMax)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    /// <summary>Gives back bytes that <see cref="TryReserve"/> counted.</summary>
    public void Release(int bytes)
    {
        var left = Interlocked.Add(ref _bytes, -bytes);
        Debug.Assert(left >= 0, "bytes are released once");
    }
}

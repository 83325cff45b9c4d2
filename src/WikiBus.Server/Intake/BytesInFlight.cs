namespace WikiBus.Server.Intake;

/// <summary>
/// Counts the bytes that requests hold in memory, and refuses what goes beyond the limit. Safe for concurrent use.
/// </summary>
internal sealed class BytesInFlight(IntakeOptions options)
{
    /// <summary>
    /// What a value or name costs while its text is read: a token of 16 bytes, in a list that is up to twice as long as
    /// needed, and again for an event into which members are spliced.
    /// </summary>
    private const int TokenBytes = 64;

    /// <summary>Shorter texts are not looked at: what they cost is bounded by the number of connections.</summary>
    private const int SmallTextBytes = 16 * 1024;

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

    /// <summary>
    /// Counts what reading a body's text will take: <c>[1,1,1…]</c> needs many times its own length. A fault says that
    /// there is no room for it now, or ever.
    /// </summary>
    public BodyFault? ReserveTokens(BodyBuffer body)
    {
        if (body.Length < SmallTextBytes)
        {
            return null;
        }

        // Each value but the first follows one of these; those inside strings make the estimate larger, never smaller.
        var tokens = 1L + body.Span.Count((byte)',') + body.Span.Count((byte)':') +
            body.Span.Count((byte)'[') + body.Span.Count((byte)'{');
        var bytes = tokens * TokenBytes;
        if (bytes + body.ReservedBytes > options.BytesInFlightMax)
        {
            return BodyFault.TooLarge;
        }

        if (!TryReserve((int)bytes))
        {
            return BodyFault.TooManyBytesInFlight;
        }

        body.ReservedBytes += (int)bytes;
        return null;
    }

    public void Release(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}

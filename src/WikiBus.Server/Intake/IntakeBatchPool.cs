namespace WikiBus.Server.Intake;

/// <summary>
/// Keeps batches for the next requests; the one given back last is taken first, since its memory is in the processor's
/// caches. Safe for concurrent use.
/// </summary>
internal sealed class IntakeBatchPool(BytesInFlight bytesInFlight)
{
    /// <summary>Most batches kept.</summary>
    private const int CountMax = 256;

    /// <summary>Most memory kept, by what all batches of the pool hold.</summary>
    private const long BytesMax = 32 << 20;

    private readonly Stack<IntakeBatch> _batches = new();
    private readonly Lock _gate = new();
    private long _bytes;

    public IntakeBatch Take()
    {
        lock (_gate)
        {
            if (_batches.TryPop(out var batch))
            {
                _bytes -= batch.HeldBytes;
                return batch;
            }
        }

        return new IntakeBatch();
    }

    /// <summary>
    /// Gives a batch back and what its body held of the bytes in flight. The log must have let go of its records.
    /// </summary>
    public void Return(IntakeBatch batch)
    {
        bytesInFlight.Release(batch.Body.ReservedBytes);
        batch.Clear();
        if (!TryKeep(batch))
        {
            batch.Dispose();
        }
    }

    private bool TryKeep(IntakeBatch batch)
    {
        lock (_gate)
        {
            if (_batches.Count == CountMax || _bytes + batch.HeldBytes > BytesMax)
            {
                return false;
            }

            _bytes += batch.HeldBytes;
            _batches.Push(batch);
            return true;
        }
    }
}

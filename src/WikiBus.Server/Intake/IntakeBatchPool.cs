using System.Collections.Concurrent;

namespace WikiBus.Server.Intake;

/// <summary>Keeps batches for the next requests. Safe for concurrent use.</summary>
internal sealed class IntakeBatchPool(BytesInFlight bytesInFlight)
{
    /// <summary>Most batches kept.</summary>
    private const int CountMax = 256;

    /// <summary>Most memory kept, by what all batches of the pool hold.</summary>
    private const long BytesMax = 32 << 20;

    private readonly ConcurrentBag<IntakeBatch> _batches = [];
    private long _count;
    private long _bytes;

    public IntakeBatch Take()
    {
        if (!_batches.TryTake(out var batch))
        {
            return new IntakeBatch();
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -batch.HeldBytes);
        return batch;
    }

    /// <summary>
    /// Gives a batch back and what its body held of the bytes in flight. The log must have let go of its records.
    /// </summary>
    public void Return(IntakeBatch batch)
    {
        bytesInFlight.Release(batch.Body.ReservedBytes);
        batch.Clear();
        if (Interlocked.Increment(ref _count) <= CountMax &
            Interlocked.Add(ref _bytes, batch.HeldBytes) <= BytesMax)
        {
            _batches.Add(batch);
            return;
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -batch.HeldBytes);
        batch.Dispose();
    }
}

using System.Collections.Concurrent;

namespace WikiBus.Server.Intake;

/// <summary>Keeps batches for the next requests. Safe for concurrent use.</summary>
internal sealed class IntakeBatchPool(BytesInFlight bytesInFlight)
{
    /// <summary>Most batches kept.</summary>
    private const int CountMax = 256;

    /// <summary>A batch that held a larger body is not kept: its tape has grown with it.</summary>
    private const int BodyBytesMax = 256 * 1024;

    private readonly ConcurrentBag<IntakeBatch> _batches = [];

    public IntakeBatch Take() => _batches.TryTake(out var batch) ? batch : new IntakeBatch();

    /// <summary>
    /// Gives a batch back and what its body held of the bytes in flight. The log must have let go of its records.
    /// </summary>
    public void Return(IntakeBatch batch)
    {
        bytesInFlight.Release(batch.Body.ReservedBytes);
        var isLarge = batch.Body.ReservedBytes > BodyBytesMax;
        batch.Clear();
        if (isLarge || _batches.Count >= CountMax)
        {
            batch.Dispose();
            return;
        }

        _batches.Add(batch);
    }
}

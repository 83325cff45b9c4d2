using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;
using Debug = System.Diagnostics.Debug;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// Keeps batches for the next requests. It lends the batch that came back last, whose memory is in the processor's
/// caches. Safe for concurrent use.
/// </summary>
internal sealed class IntakeBatchPool(BytesInFlight bytesInFlight, StreamCheck streamCheck, EventLog log)
{
    /// <summary>Most batches kept.</summary>
    private const int CountMax = 256;

    /// <summary>Most memory that the kept batches hold together.</summary>
    private const long BytesMax = 32 << 20;

    private readonly Stack<IntakeBatch> _batches = new();
    private readonly Lock _gate = new();
    private long _bytes;

    /// <summary>Lends an empty batch; the caller owns it, and gives it to <see cref="Return"/>.</summary>
    public IntakeBatch Take()
    {
        var batch = TakeKept() ?? new IntakeBatch(bytesInFlight, streamCheck, log);
        Debug.Assert(!batch.IsOwned, "a batch has one owner");
        batch.IsOwned = true;
        return batch;
    }

    /// <summary>
    /// Takes a batch back from its owner, and its bytes in flight. A batch whose records the log still reads is used
    /// again only after that.
    /// </summary>
    public void Return(IntakeBatch batch)
    {
        Debug.Assert(batch.IsOwned, "a batch is returned once");
        batch.IsOwned = false;
        if (batch.Append is { IsCompleted: false } append)
        {
            _ = ClearAfterAsync(batch, append);
        }
        else
        {
            Clear(batch);
        }
    }

    // The log's task never faults.
    private async Task ClearAfterAsync(IntakeBatch batch, Task append)
    {
        await append;
        Clear(batch);
    }

    private void Clear(IntakeBatch batch)
    {
        batch.Clear();
        if (!TryKeep(batch))
        {
            batch.Dispose();
        }
    }

    private IntakeBatch? TakeKept()
    {
        lock (_gate)
        {
            if (!_batches.TryPop(out var batch))
            {
                return null;
            }

            _bytes -= batch.HeldBytes;
            return batch;
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

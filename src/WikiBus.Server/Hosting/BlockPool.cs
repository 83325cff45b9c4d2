using System.Buffers;
using System.Collections.Concurrent;

namespace WikiBus.Server.Hosting;

/// <summary>
/// Memory for what connections receive and send, in blocks that hold most requests whole: the server's own pool has
/// blocks of 4 KiB, and each costs a system call and a turn through the pipeline. Safe for concurrent use.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockBytes = 16 * 1024;

    /// <summary>Most blocks kept for later: 16 MiB, and one for each thread.</summary>
    private const int BlocksKeptMax = 1024;

    private readonly ConcurrentQueue<Block> _blocks = new();
    private int _count;

    // A request takes and gives back its blocks in one thread as a rule, so the last one is at hand, and in the
    // processor's cache.
    [ThreadStatic]
    private static Block? t_atHand;

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (t_atHand is { } atHand && atHand.IsOf(this))
        {
            t_atHand = null;
            return atHand;
        }

        if (!_blocks.TryDequeue(out var block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref _count);
        return block;
    }

    protected override void Dispose(bool disposing)
    {
        // The blocks are the garbage collector's.
    }

    private void Return(Block block)
    {
        if (t_atHand is null || !t_atHand.IsOf(this))
        {
            t_atHand = block;
            return;
        }

        if (Interlocked.Increment(ref _count) <= BlocksKeptMax)
        {
            _blocks.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        // Pinned for good: the sockets need addresses that stay.
        public Memory<byte> Memory { get; } = System.Runtime.InteropServices.MemoryMarshal.CreateFromPinnedArray(
            GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public bool IsOf(BlockPool owner) => pool == owner;

        public void Dispose() => pool.Return(this);
    }
}

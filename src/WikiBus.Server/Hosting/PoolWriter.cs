using System.IO.Pipelines;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// What a connection sends. Who waited for a slow client goes on in the thread pool and not in the thread that found
/// the socket writable again: a stream's next step may read the disk.
/// </summary>
internal sealed class PoolWriter(PipeWriter sent) : PipeWriter
{
    public override bool CanGetUnflushedBytes => sent.CanGetUnflushedBytes;

    public override long UnflushedBytes => sent.UnflushedBytes;

    public override void Advance(int bytes) => sent.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => sent.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => sent.GetSpan(sizeHint);

    public override void CancelPendingFlush() => sent.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => sent.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => sent.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        InPool(sent.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        InPool(sent.WriteAsync(source, cancellationToken));

    private static ValueTask<FlushResult> InPool(ValueTask<FlushResult> flush) =>
        flush.IsCompleted ? flush : WaitAsync(flush);

    private static async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            return await flush;
        }
        finally
        {
            await RequestThread.EnterPoolAsync();
        }
    }
}

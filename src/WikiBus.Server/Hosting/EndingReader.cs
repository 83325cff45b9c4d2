using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// What a connection receives. The web server gives a request up when it sees the end of it together with the
/// request's bytes, so the end is told only when nothing has been taken of the bytes before it since the last read.
/// </summary>
internal sealed class EndingReader(PipeReader received) : ForwardingReader(received)
{
    private long _lengthBeforeEnd = -1;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = Inner.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Told(read.Result)) : ToldAsync(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        var isThere = Inner.TryRead(out result);
        result = Told(result);
        return isThere;
    }

    // Pooled: each request of a connection waits here once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ToldAsync(ValueTask<ReadResult> read) => Told(await read);

    private ReadResult Told(in ReadResult result)
    {
        if (!result.IsCompleted || result.Buffer.IsEmpty || result.Buffer.Length == _lengthBeforeEnd)
        {
            return result;
        }

        _lengthBeforeEnd = result.Buffer.Length;
        return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
    }
}

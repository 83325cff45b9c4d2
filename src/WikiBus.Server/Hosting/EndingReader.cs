using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// What a connection receives. The web server gives a request up when it sees the end of it together with the
/// request's bytes, so the end is told only when nothing has been taken of the bytes before it since the last read. Of
/// the ways to lose a connection it knows a reset as the client's doing; others, such as a client that the system gave
/// up because it acknowledged nothing, would be ours, so they are told as one.
/// Who waited for bytes goes on where <see cref="RequestThread"/> says.
/// </summary>
internal sealed class EndingReader(PipeReader received) : ForwardingReader(received), IValueTaskSource<ReadResult>
{
    /// <summary>
    /// So many reads in a row may be asked for by the very thread that finds their bytes. It says that requests are
    /// answered there at once, and who sends on and on would never let that thread go; one by itself happens when the
    /// log was faster than the thread that waits for it.
    /// </summary>
    internal const int HeldReadsMax = 4;

    /// <summary>
    /// So many reads go on in the pool after that. Meanwhile the bytes that the thread fetches pile up, until the
    /// transport waits for the pool and fetches there.
    /// </summary>
    internal const int PoolReadsAfterHold = 256;

    private long _lengthBeforeEnd = -1;
    private int _heldReads;
    private int _poolReadsLeft;

    /// <summary>What was there already, for a reader that has to fetch it in the pool.</summary>
    private ReadResult _there;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var read = Inner.ReadAsync(cancellationToken);
            if (!read.IsCompletedSuccessfully)
            {
                return ToldAsync(read);
            }

            var there = Told(read.Result);
            if (RequestThread.IsOfPool)
            {
                return new ValueTask<ReadResult>(there);
            }

            // What is there already was sent without waiting for an answer: it must not follow on and on in a thread
            // that others wait for. Not by an async method: it might end in the pool before the caller looks at it,
            // who then would stay.
            _there = there;
            return new ValueTask<ReadResult>(this, 0);
        }
        catch (SocketException fault)
        {
            throw Lost(fault);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            var isThere = Inner.TryRead(out result);
            result = Told(result);
            return isThere;
        }
        catch (SocketException fault)
        {
            throw Lost(fault);
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _there;

    /// <summary>Never done: who asks in a thread that others wait for has to go on elsewhere.</summary>
    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => ValueTaskSourceStatus.Pending;

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: false);

    // Pooled: each request of a connection waits here once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ToldAsync(ValueTask<ReadResult> read)
    {
        try
        {
            var thread = Environment.CurrentManagedThreadId;
            var result = await read;
            if (!RequestThread.MayBeBrief(result.Buffer) || HoldsTheThread(thread))
            {
                await RequestThread.EnterPoolAsync();
            }

            return Told(result);
        }
        catch (SocketException fault)
        {
            throw Lost(fault);
        }
    }

    private bool HoldsTheThread(int threadThatAsked)
    {
        if (_poolReadsLeft > 0)
        {
            _poolReadsLeft--;
            return true;
        }

        var isHeld = threadThatAsked == Environment.CurrentManagedThreadId && !RequestThread.IsOfPool;
        _heldReads = isHeld ? _heldReads + 1 : 0;
        if (_heldReads <= HeldReadsMax)
        {
            return false;
        }

        _heldReads = 0;
        _poolReadsLeft = PoolReadsAfterHold;
        return true;
    }

    private static ConnectionResetException Lost(SocketException fault) => new(fault.Message, fault);

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

using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// What a connection receives. The web server gives a request up when it sees the end of it together with the
/// request's bytes, so the end is told only when nothing has been taken of the bytes before it since the last read. Of
/// the ways to lose a connection it knows a reset as the client's doing; others, such as a client that the system gave
/// up because it acknowledged nothing, would be ours, so they are told as one.
/// </summary>
internal sealed class EndingReader(PipeReader received) : ForwardingReader(received)
{
    private long _lengthBeforeEnd = -1;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return Told(await Inner.ReadAsync(cancellationToken));
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

using System.Net.Sockets;

namespace WikiBus.Schemas.Sources;

/// <summary>
/// A connection to a server of schemas. A process may let what waited for a socket go on in the thread that waits for
/// all sockets; who waited for this one goes on in the thread pool. Checking a certificate may even fetch another one
/// and block meanwhile.
/// </summary>
internal sealed class PoolNetworkStream : NetworkStream
{
    private PoolNetworkStream(Socket socket)
        : base(socket, ownsSocket: true)
    {
    }

    /// <summary>As the client would connect by itself.</summary>
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return new PoolNetworkStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return count;
    }
}

using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using WikiBus.Server.Hosting.Connections;

namespace WikiBus.Server.Tests.Hosting.Connections;

public sealed class HalfClosingTests
{
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task ConnectionThatTheSystemGaveUp_IsOneThatTheClientLost()
    {
        var reader = new HalfClosing.EndingReader(_pipe.Reader);
        var waiting = reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        await _pipe.Writer.CompleteAsync(new SocketException((int)SocketError.TimedOut));

        await Should.ThrowAsync<ConnectionResetException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1)));
        Should.Throw<ConnectionResetException>(() => reader.TryRead(out _));
        await Should.ThrowAsync<ConnectionResetException>(async () => await reader.ReadAsync());
    }

    [Fact]
    public async Task OtherFault_StaysWhatItIs()
    {
        var reader = new HalfClosing.EndingReader(_pipe.Reader);
        await _pipe.Writer.CompleteAsync(new InvalidOperationException("ours"));

        await Should.ThrowAsync<InvalidOperationException>(async () => await reader.ReadAsync());
    }
}

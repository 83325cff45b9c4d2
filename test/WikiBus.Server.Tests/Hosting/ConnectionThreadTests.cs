using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using WikiBus.Server.Hosting;
using WikiBus.Server.Http;

namespace WikiBus.Server.Tests.Hosting;

/// <summary>Where a connection goes on; a thread of its own plays the one that waits for sockets.</summary>
public sealed class ConnectionThreadTests
{
    private const string Post = "POST /v1/events HTTP/1.1\r\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 4096,
        resumeWriterThreshold: 1, useSynchronizationContext: false));

    [Theory]
    [InlineData(Post, true)]
    [InlineData("GET /v2/stream/a HTTP/1.1\r\n", false)]
    [InlineData("POST /v1/keys HTTP/1.1\r\n", false)]
    [InlineData("POST /v1", false)]
    [InlineData("{\"a\":1}", false)]
    public async Task WhatWasWaitedFor_GoesOnThereIfItMayBeBrief(string received, bool isThere)
    {
        var isOfPool = IsOfPoolAfterAsync(new EndingReader(_pipe.Reader));
        await OnThreadAsync(() => Write(received));

        (await isOfPool.WaitAsync(s_patience)).ShouldBe(!isThere);
    }

    [Fact]
    public async Task MoreThanABriefRequest_GoesOnInThePool()
    {
        var isOfPool = IsOfPoolAfterAsync(new EndingReader(_pipe.Reader));
        await OnThreadAsync(() => Write(Post.PadRight(RequestThread.BriefBytesMax + 1)));

        (await isOfPool.WaitAsync(s_patience)).ShouldBeTrue();
    }

    [Fact]
    public async Task WhatIsThereAlready_GoesOnInThePool()
    {
        Write(Post);
        var isOfPool = await OnThreadAsync(() => IsOfPoolAfterAsync(new EndingReader(_pipe.Reader)));

        (await isOfPool.WaitAsync(s_patience)).ShouldBeTrue();
    }

    // Else who sends on and on what is answered at once keeps the thread, and others wait.
    [Fact]
    public async Task WhatFollowsSomeAnswersGivenThere_GoesOnInThePoolForSomeTime()
    {
        var reader = new EndingReader(_pipe.Reader);
        var held = await HoldAsync(reader, EndingReader.HeldReadsMax + 1);
        held[..^1].ShouldAllBe(isOfPool => !isOfPool);
        held[^1].ShouldBeTrue();

        for (var left = EndingReader.PoolReadsAfterHold; left >= 0; left--)
        {
            (await TakeFromThreadAsync(reader)).ShouldBe(left > 0);
        }
    }

    // The log may be faster than the thread that waits for it: that is no reason to leave it for long.
    [Fact]
    public async Task AnswersGivenThereNowAndThen_LeaveTheThreadAsItIs()
    {
        var reader = new EndingReader(_pipe.Reader);
        for (var turn = 0; turn < 3; turn++)
        {
            (await HoldAsync(reader, EndingReader.HeldReadsMax)).ShouldAllBe(isOfPool => !isOfPool);
            (await TakeFromThreadAsync(reader)).ShouldBeFalse();
        }
    }

    /// <summary>Reads that one thread asks for and finds itself: for each, whether it went on in the pool.</summary>
    private async Task<bool[]> HoldAsync(EndingReader reader, int count)
    {
        var held = await OnThreadAsync(() => Enumerable.Range(0, count).Select(_ =>
        {
            var isOfPool = TakeAsync(reader);
            Write(Post);
            return isOfPool;
        }).ToArray());
        return await Task.WhenAll(held).WaitAsync(s_patience);
    }

    /// <summary>A read that another thread finds than the one that asked for it.</summary>
    private async Task<bool> TakeFromThreadAsync(EndingReader reader)
    {
        var isOfPool = TakeAsync(reader);
        await OnThreadAsync(() => Write(Post));
        return await isOfPool.WaitAsync(s_patience);
    }

    [Fact]
    public async Task WhoWaitedForASlowClient_GoesOnInThePool()
    {
        var writer = new PoolWriter(_pipe.Writer);
        var isOfPool = IsOfPoolAfterAsync(writer);
        isOfPool.IsCompleted.ShouldBeFalse();
        await OnThreadAsync(() =>
        {
            _pipe.Reader.TryRead(out var result).ShouldBeTrue();
            _pipe.Reader.AdvanceTo(result.Buffer.End);
            return true;
        });

        (await isOfPool.WaitAsync(s_patience)).ShouldBeTrue();
    }

    private static async Task<bool> IsOfPoolAfterAsync(EndingReader reader)
    {
        await reader.ReadAsync(CancellationToken.None);
        return Thread.CurrentThread.IsThreadPoolThread;
    }

    private static async Task<bool> IsOfPoolAfterAsync(PoolWriter writer)
    {
        await writer.WriteAsync(new byte[8192]);
        return Thread.CurrentThread.IsThreadPoolThread;
    }

    private static async Task<bool> TakeAsync(EndingReader reader)
    {
        var result = await reader.ReadAsync(CancellationToken.None);
        var isOfPool = Thread.CurrentThread.IsThreadPoolThread;
        reader.AdvanceTo(result.Buffer.End);
        return isOfPool;
    }

    private bool Write(string text)
    {
        _pipe.Writer.Write(Encoding.ASCII.GetBytes(text));
        return _pipe.Writer.FlushAsync().AsTask().IsCompleted;
    }

    private static async Task<T> OnThreadAsync<T>(Func<T> step)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => done.SetResult(step())) { IsBackground = true }.Start();
        return await done.Task.WaitAsync(s_patience);
    }
}

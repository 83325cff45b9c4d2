using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace WikiBus.Producer.Tests.Deki;

/// <summary>Stands for the <c>publish</c> of a pub/sub service, and keeps what it got.</summary>
internal sealed class DreamStub : IAsyncDisposable
{
    private readonly Channel<ReceivedPost> _posts = Channel.CreateUnbounded<ReceivedPost>();
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LocalServer _server = null!;

    public Uri PublishUri => new(_server.Uri, "/pubsub/publish");

    /// <param name="hangs">Whether the answers wait for <see cref="Answer"/>.</param>
    public static async Task<DreamStub> StartAsync(bool hangs = false)
    {
        var stub = new DreamStub();
        if (!hangs)
        {
            stub.Answer();
        }

        stub._server = await LocalServer.StartAsync(
            application => application.MapPost("/pubsub/publish", stub.ReceiveAsync));
        return stub;
    }

    public void Answer() => _answers.TrySetResult();

    public ValueTask<ReceivedPost> NextAsync() => _posts.Reader.ReadAsync(TestTime.Token());

    /// <summary>What came so far and was not read.</summary>
    public IReadOnlyList<ReceivedPost> Rest()
    {
        var posts = new List<ReceivedPost>();
        while (_posts.Reader.TryRead(out var post))
        {
            posts.Add(post);
        }

        return posts;
    }

    public ValueTask DisposeAsync()
    {
        Answer();
        return _server.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(TestTime.Token());
        var headers = context.Request.Headers
            .Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal) || header.Key == "Cookie")
            .SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}"));
        _posts.Writer.TryWrite(new ReceivedPost(context.Request.ContentType!, [.. headers], body));
        await _answers.Task.WaitAsync(TestTime.Token());
        await context.Response.WriteAsync("<event id=\"1\" />", TestTime.Token());
    }
}

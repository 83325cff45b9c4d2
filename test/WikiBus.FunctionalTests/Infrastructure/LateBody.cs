using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A request whose body the test holds back after the server has begun to read it.</summary>
internal sealed class LateBody : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly Task<HttpResponseMessage> _response;
    private readonly HeldContent _content;

    private LateBody(HttpClient client, HeldContent content, Task<HttpResponseMessage> response) =>
        (_client, _content, _response) = (client, content, response);

    /// <summary>Sends the headers, and waits until the server asks for the body (<c>100 Continue</c>).</summary>
    public static async Task<LateBody> SendAsync(RunningServer server, HttpMethod method, string path, string key)
    {
        var client = new HttpClient(
            new SocketsHttpHandler { Expect100ContinueTimeout = TestTime.Limit, UseProxy = false })
        {
            BaseAddress = server.Address,
            Timeout = TestTime.Limit,
        };
        var content = new HeldContent();
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.ExpectContinue = true;
        var late = new LateBody(client, content, client.SendAsync(request, TestTime.Token()));
        await content.Wanted.WaitAsync(TestTime.Limit);
        return late;
    }

    /// <summary>Sends the body, and returns the status of the answer.</summary>
    public async Task<int> EndAsync(string body)
    {
        _content.Body.SetResult(body);
        using var response = await _response;
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _content.Body.TrySetCanceled();
        await Task.WhenAny(_response);
        _client.Dispose();
        _content.Dispose();
    }

    private sealed class HeldContent : HttpContent
    {
        private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Body { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Wanted => _wanted.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _wanted.SetResult();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(await Body.Task));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

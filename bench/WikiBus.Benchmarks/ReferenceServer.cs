using System.Text.Json;
using System.Threading.Channels;

namespace WikiBus.Benchmarks;

/// <summary>
/// What one writes in an afternoon: JsonDocument, and a growing file with a plain group commit (whatever waits is
/// written and flushed once). It validates nothing and looks for no repeats.
/// </summary>
internal sealed class ReferenceServer(string path)
{
    private const int QueuedRequestsMax = 1024;

    private readonly Channel<(JsonDocument Body, TaskCompletionSource Done)> _queue =
        Channel.CreateBounded<(JsonDocument, TaskCompletionSource)>(QueuedRequestsMax);

    public static async Task<int> RunAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var reference = new ReferenceServer(Path.Combine(folder, "reference.ndjson"));
        var writer = Task.Run(reference.WriteAsync);
        await using var server = BareServer.Build(reference.AnswerAsync);
        await server.RunAsync();
        reference._queue.Writer.Complete();
        await writer;
        return 0;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync((body, done), context.RequestAborted);
        await done.Task;
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    private async Task WriteAsync()
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        var waiters = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var request))
            {
                Append(file, request.Body.RootElement);
                request.Body.Dispose();
                waiters.Add(request.Done);
            }

            file.Flush(flushToDisk: true);
            waiters.ForEach(waiter => waiter.SetResult());
            waiters.Clear();
        }
    }

    private static void Append(FileStream file, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in body.EnumerateArray())
            {
                Append(file, item);
            }

            return;
        }

        file.Write(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(body));
        file.WriteByte((byte)'\n');
    }
}

namespace WikiBus.Benchmarks;

/// <summary>A Kestrel endpoint whose event streams stay silent: what a connection costs at least.</summary>
internal static class BareStreamServer
{
    public static async Task<int> RunAsync()
    {
        await using var server = BareServer.Build(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(":ok\n\n");
            await context.Response.Body.FlushAsync();
            var closed = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(closed.SetResult);
            await closed.Task;
        });
        await server.RunAsync();
        return 0;
    }
}

using System.Net;

namespace WikiBus.Benchmarks;

/// <summary>
/// A Kestrel endpoint that reads the body and answers 201: the most that any server on Kestrel can do.
/// </summary>
internal static class BareServer
{
    public static async Task<int> RunAsync()
    {
        await using var server = Build(async context =>
        {
            var body = context.Request.BodyReader;
            while (true)
            {
                var read = await body.ReadAsync(context.RequestAborted);
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            context.Response.StatusCode = StatusCodes.Status201Created;
        });
        await server.RunAsync();
        return 0;
    }

    /// <summary>
    /// A server on a free loopback port that announces itself as WikiBus does and answers everything by one delegate.
    /// It watches no files: a server with the usual configuration watches its working folder, and every write to a log
    /// below it would cost both processes.
    /// </summary>
    public static WebApplication Build(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
        });
        var server = builder.Build();
        server.Run(answer);
        server.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {server.Urls.First()}"));
        return server;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace WikiBus.Benchmarks;

/// <summary>A Kestrel endpoint that reads each request and answers 204: the recipient of webhooks.</summary>
internal static class BareReceiver
{
    public static async Task<int> RunAsync()
    {
        await using var server = BareServer.Build(AnswerAsync);
        await server.RunAsync();
        return 0;
    }

    /// <summary>A recipient in this process, which notes when each event arrives.</summary>
    /// <param name="arrived">Gets an event's id, and the time stamp of its arrival.</param>
    public static WebApplication Build(Action<long, long> arrived) => BareServer.Build(context =>
    {
        var id = context.Request.Headers["wikibus-event-id"].ToString();
        arrived(long.Parse(id, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp());
        return AnswerAsync(context);
    });

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = 204;
    }
}

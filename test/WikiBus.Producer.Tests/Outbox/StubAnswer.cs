using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>An answer that a test writes.</summary>
/// <param name="Status">The status; null cuts the connection off, and 0 never answers.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">The header <c>Retry-After</c>.</param>
internal sealed record StubAnswer(int? Status, string Body = "", string? RetryAfter = null)
{
    /// <summary>An answer that refuses events, as WikiBus and EventGate write it.</summary>
    public static StubAnswer Refusing(
        int status, IEnumerable<string>? invalid = null, IEnumerable<string>? error = null) =>
        new(status, JsonSerializer.Serialize(new
        {
            invalid = (invalid ?? []).Select(text => new
            {
                status = "invalid",
                @event = JsonDocument.Parse(text).RootElement,
                context = new { errors = Array.Empty<string>(), errorsText = "'.a' is wrong" },
            }),
            error = (error ?? []).Select(text => new
            {
                status = "error",
                @event = JsonDocument.Parse(text).RootElement,
                context = new { message = "no such schema" },
            }),
        }));

    public async Task WriteAsync(HttpContext context)
    {
        if (Status is not > 0)
        {
            if (Status is null)
            {
                context.Abort();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        context.Response.StatusCode = Status!.Value;
        context.Response.Headers.RetryAfter = RetryAfter;
        if (Body.Length > 0)
        {
            await context.Response.WriteAsync(Body);
        }
    }
}

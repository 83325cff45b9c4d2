using Microsoft.AspNetCore.Http.Features;

namespace WikiBus.Server.Intake;

/// <summary>
/// Is a request for <c>/v1/events</c>? As EventGate matches: any case, one slash more at the end, and nothing
/// percent-encoded; therefore the target is looked at as it came.
/// </summary>
internal static class EventsPath
{
    private const string Path = "/v1/events";

    public static bool Matches(HttpContext context)
    {
        // The path is cheap to look at and refuses nearly everything else.
        var path = context.Request.Path.Value;
        if (path is null || path.Length < Path.Length || path.Length > Path.Length + 1)
        {
            return false;
        }

        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw
            ? raw.AsSpan()
            : path.AsSpan();
        var query = target.IndexOf('?');
        target = query < 0 ? target : target[..query];
        return target.Length >= Path.Length
            && target[..Path.Length].Equals(Path, StringComparison.OrdinalIgnoreCase)
            && target[Path.Length..] is "" or "/";
    }
}

using Microsoft.AspNetCore.Http.Features;

namespace WikiBus.Server.Intake;

/// <summary>
/// Recognises requests for <c>/v1/events</c> as EventGate does: in any case, with or without a slash at the end.
/// Nothing may be percent-encoded, so the target is compared as it came.
/// </summary>
internal static class EventsPath
{
    private const string Path = "/v1/events";

    public static bool Matches(HttpContext context)
    {
        // The path is cheap to compare, and its length differs for nearly all other requests.
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

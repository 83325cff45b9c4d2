using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>Why a request for streams is refused, in the words of EventStreams where it has such an answer.</summary>
internal sealed record StreamRefusal(int Status, string Type, string Title, string Detail)
{
    public static readonly StreamRefusal InvalidKey = new(
        StatusCodes.Status401Unauthorized, "unauthorized", "Invalid Key", PresentedKey.InvalidKey);

    public static readonly StreamRefusal TooManyOfAddress = new(
        StatusCodes.Status429TooManyRequests, "too_many_requests",
        "Too Many Concurrent Connections From Your Client IP",
        "Your HTTP client is likely opening too many concurrent connections.");

    public static readonly StreamRefusal TooMany = new(
        StatusCodes.Status429TooManyRequests, "too_many_requests", "Too Many Concurrent Connections",
        "The server has as many connections as it may have.");

    /// <summary>The same for a stream that does not exist and for one that the caller may not read.</summary>
    public static StreamRefusal UnknownStreams(IEnumerable<string> names, Caller caller)
    {
        var invalid = $"Invalid streams: {string.Join(',', names)}";
        return caller.HasKey && !caller.HasRead
            ? new StreamRefusal(
                StatusCodes.Status403Forbidden, "forbidden", "Forbidden",
                invalid + ". The key lacks the role read, which streams that are not public need.")
            : new StreamRefusal(
                StatusCodes.Status400BadRequest, "not_found", "Stream Not Found",
                caller.Id == Caller.AnonymousId
                    ? invalid + ". The request has no key, which streams that are not public need."
                    : invalid);
    }

    public static StreamRefusal InvalidTime(string parameter, string value) => new(
        StatusCodes.Status400BadRequest, "invalid_timestamp", "Invalid timestamp",
        $"{parameter} timestamp is not a UTC milliseconds unix epoch and was not parseable: '{value}'. "
        + TimeParameter.Allowed);

    public static StreamRefusal UnknownParameter(string given, string known) => new(
        StatusCodes.Status400BadRequest, "bad_request", "Unknown parameter",
        $"'{given}' is unknown; '{known}' is known.");

    public static StreamRefusal InvalidParameter(string parameter, string detail) => new(
        StatusCodes.Status400BadRequest, "bad_request", $"Invalid {parameter}", detail);
}

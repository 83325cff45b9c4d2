namespace WikiBus.Server.Http;

/// <summary>
/// The end of what a client sends over its connection. It matters only to long answers, such as streams: a client that
/// waits for a short answer may have ended its sending, too.
/// </summary>
/// <param name="Token">Cancelled when the client has ended its sending or the connection is lost.</param>
internal sealed record SendingEnd(CancellationToken Token)
{
    /// <summary>The token of a request's connection. Without this feature it is cancelled with the request.</summary>
    public static CancellationToken Of(HttpContext context) =>
        context.Features.Get<SendingEnd>()?.Token ?? context.RequestAborted;
}

namespace WikiBus.Server.Http;

/// <summary>
/// The end of what a client sends over its connection. Only who serves it for as long as it stays has to ask: a client
/// that waits for an answer may have ended its sending, too.
/// </summary>
/// <param name="Token">Cancelled when the client has ended its sending or the connection is lost.</param>
internal sealed record SendingEnd(CancellationToken Token)
{
    /// <summary>That of a request's connection; one without it ends with the request.</summary>
    public static CancellationToken Of(HttpContext context) =>
        context.Features.Get<SendingEnd>()?.Token ?? context.RequestAborted;
}

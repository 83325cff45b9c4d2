namespace WikiBus.Server.Deliveries.Guard;

/// <summary>How one request ended.</summary>
internal abstract record SendResult
{
    private SendResult()
    {
    }

    /// <summary>The target answered.</summary>
    /// <param name="Status">The status of the answer.</param>
    /// <param name="RetryAfter">How long its <c>Retry-After</c> asks to wait, not limited; null without one.</param>
    /// <param name="Excerpt">The beginning of its body as one line of text.</param>
    internal sealed record Answered(int Status, TimeSpan? RetryAfter, string Excerpt) : SendResult;

    /// <summary>There was no connection, so the target has not seen the request.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Message">What the owner may read about it.</param>
    internal sealed record Unreached(UnreachedReason Reason, string Message) : SendResult;

    /// <summary>There was no answer, and the target may have seen the request.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Message">What the owner may read about it.</param>
    internal sealed record Broken(BrokenReason Reason, string Message) : SendResult;
}

namespace WikiBus.Producer;

/// <summary>What became of events that were sent.</summary>
/// <param name="Posts">The requests that were made; none if no event may be sent.</param>
/// <param name="NotSentCount">How many events are of a kind or of a stream that is not enabled.</param>
/// <param name="Errors">What went wrong, in the words of EventBus; empty if all events were accepted.</param>
public sealed record SendResult(
    IReadOnlyList<PostResult> Posts, int NotSentCount, IReadOnlyList<string> Errors)
{
    /// <summary>Whether all events were accepted.</summary>
    public bool IsSuccess => Errors.Count == 0;

    /// <summary>How many events were accepted.</summary>
    public int AcceptedCount => Posts.Sum(post => post.AcceptedCount);

    /// <summary>How many events were sent and not accepted.</summary>
    public int FailedCount => Posts.Sum(post => post.FailedCount);
}

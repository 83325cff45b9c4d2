namespace WikiBus.Events.MediaWiki;

/// <summary>What an event says of the request that caused it. Each event needs an id of its own.</summary>
/// <param name="Id">The event's id (<c>meta.id</c>); EventBus uses random UUIDs (version 4).</param>
/// <param name="RequestId">The request that caused the event (<c>meta.request_id</c>).</param>
/// <param name="Time">When it happened. Events have whole seconds; the fraction is cut off.</param>
public sealed record EventContext(Guid Id, string RequestId, DateTimeOffset Time)
{
    /// <summary>The request that caused the event, not empty.</summary>
    public string RequestId { get; init => field = Require.Text(value); } = Require.Text(RequestId);
}

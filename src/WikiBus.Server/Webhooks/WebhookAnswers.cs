using System.Text.Json.Serialization;

namespace WikiBus.Server.Webhooks;

/// <summary>A part of the list of subscriptions.</summary>
/// <param name="Items">By id.</param>
/// <param name="Next">The value of <c>after</c> that continues the list; null: it ends here.</param>
internal sealed record SubscriptionList(
    IReadOnlyList<SubscriptionAnswer> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <summary>How many waiting and dead deliveries a request dropped.</summary>
internal sealed record DroppedAnswer(long Dropped);

/// <summary>What became of a test request.</summary>
/// <param name="Status">The status that the recipient answered; null: it did not answer.</param>
/// <param name="Body">The beginning of its answer.</param>
/// <param name="Error">Why there is no answer, in one word.</param>
/// <param name="Message">The same for people.</param>
internal sealed record TestAnswer(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Status, string? Body, string? Error,
    string? Message);

/// <summary>The body of <c>…/rotate</c>.</summary>
/// <param name="Secret">Missing: the bus makes one.</param>
internal sealed record RotateBody(string? Secret = null);

/// <summary>The body of <c>…/replay</c>: places in the log.</summary>
/// <param name="From">The first record.</param>
/// <param name="To">The record after the last one; missing: the end.</param>
internal sealed record ReplayBody(
    [property: JsonConverter(typeof(Definitions.TextOrNumberConverter))] string? From = null,
    [property: JsonConverter(typeof(Definitions.TextOrNumberConverter))] string? To = null);

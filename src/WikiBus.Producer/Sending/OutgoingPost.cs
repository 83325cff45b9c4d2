using System.Diagnostics;

namespace WikiBus.Producer.Sending;

/// <summary>One request with events to a service.</summary>
/// <param name="Service">The service's name. Requests with the same name keep their order.</param>
/// <param name="Url">Where it is posted.</param>
/// <param name="Body">The body, which nobody changes.</param>
/// <param name="ContentType">The header <c>Content-Type</c>, as it is written.</param>
/// <param name="EventCount">How many events the body has.</param>
/// <param name="Dialect">Whose events they are, for the metrics: <c>mediawiki</c> or <c>deki</c>.</param>
/// <param name="Timeout">How long the answer may take.</param>
internal sealed record OutgoingPost(
    string Service,
    Uri Url,
    ReadOnlyMemory<byte> Body,
    string ContentType,
    int EventCount,
    string Dialect,
    TimeSpan Timeout)
{
    /// <summary>The other headers, in the order in which they are sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What caused the request, for traces.</summary>
    public ActivityContext Cause { get; } = Activity.Current?.Context ?? default;
}

using WikiBus.Json;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>
/// What a request wants to see of its streams' events. Views with equal texts are equal, so that connections can share
/// the work.
/// </summary>
internal sealed class StreamView : IEquatable<StreamView>
{
    /// <summary>Everything but canary events, whole.</summary>
    public static readonly StreamView Whole = new([], null, null, keepsCanary: false);

    private readonly string _key;

    public StreamView(
        IReadOnlyList<FilterExpression> filters, Projection? projection, ChannelPattern? channel, bool keepsCanary)
    {
        Filters = filters;
        Projection = projection;
        Channel = channel;
        KeepsCanary = keepsCanary;
        _key = $"{keepsCanary}\n{channel}\n{projection}\n{string.Join('\n', filters)}";
    }

    public IReadOnlyList<FilterExpression> Filters { get; }

    public Projection? Projection { get; }

    public ChannelPattern? Channel { get; }

    public bool KeepsCanary { get; }

    /// <summary>Whether the event's JSON has to be read.</summary>
    public bool LooksInside => Filters.Count > 0 || Projection is not null;

    /// <summary>Whether a page is shown as it is.</summary>
    public bool ShowsWhole(bool pageHasCanary) =>
        !LooksInside && Channel is null && (KeepsCanary || !pageHasCanary);

    /// <summary>Whether the event passes all filters.</summary>
    public bool Passes(JsonTapeValue root)
    {
        foreach (var filter in Filters)
        {
            if (!filter.Matches(root))
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(StreamView? other) =>
        ReferenceEquals(this, other) || string.Equals(_key, other?._key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as StreamView);

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);
}

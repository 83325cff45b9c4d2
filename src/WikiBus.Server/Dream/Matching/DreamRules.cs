using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Dream.Matching;

/// <summary>
/// The rules of one <c>&lt;subscription&gt;</c>. A channel and a resource must match, and no resource matches all. An
/// event without a resource matches whatever resources are wanted. An event that names recipients concerns those
/// alone, whatever its channel is. Immutable; safe for concurrent use.
/// </summary>
/// <remarks>Source: Dream's dispatcher, as recorded.</remarks>
internal sealed class DreamRules : RecordRules
{
    private readonly ChannelPattern[] _channels;
    private readonly ChannelPattern[] _resources;
    private readonly string[] _recipients;
    private readonly bool _isDeki;

    /// <param name="subscription">The subscription.</param>
    /// <param name="isDeki">Are events about pages wanted whatever their resource is? The wiki says later which page an
    /// event is about.</param>
    /// <exception cref="InvalidDataException">A pattern cannot be read.</exception>
    public DreamRules(SetSubscription subscription, bool isDeki = false)
    {
        _isDeki = isDeki;
        _channels = [.. subscription.Channels.Select(PatternOf)];
        _resources = [.. subscription.Resources.Select(PatternOf)];
        _recipients = [.. subscription.Recipients.Select(static recipient => recipient.Uri)];
        Text = string.Join(
            '\n', ["dream", .. subscription.Channels, "", .. subscription.Resources, "", .. _recipients]);
        Patterns = _resources.Length == 0 || isDeki
            ? [.. _channels.Select(static channel => new PatternPair(channel, Resource: null))]
            :
            [
                .. _channels.SelectMany(
                    _ => _resources, static (channel, resource) => new PatternPair(channel, resource)),
            ];
    }

    public override string Text { get; }

    public override IReadOnlyList<PatternPair> Patterns { get; }

    public override IReadOnlyList<string> Recipients => _recipients;

    public override bool MatchesHeader(in RecordHeader header) => FindMiss(header) is null;

    public override string? FindMiss(DeliveryRecord record) => FindMiss(RecordHeader.Of(record));

    private static ChannelPattern PatternOf(string text) =>
        ChannelPattern.TryParse(text, out var pattern, out var fault)
            ? pattern
            : throw new InvalidDataException(fault);

    private string? FindMiss(in RecordHeader header)
    {
        if (header.Recipients.Count > 0)
        {
            return header.Recipients.Any(_recipients.Contains) ? null : "recipients: the event is for others";
        }

        if (!IsAnyMatch(_channels, header.Channel, isResource: false))
        {
            return $"channels: {string.Join(", ", (object[])_channels)}";
        }

        return _resources.Length == 0 || header.Resource.IsEmpty
            || (_isDeki && PageChannel.IsAboutPages(header.Channel))
            || IsAnyMatch(_resources, header.Resource, isResource: true)
            ? null
            : $"resources: {string.Join(", ", (object[])_resources)}";
    }

    private static bool IsAnyMatch(ChannelPattern[] patterns, ReadOnlySpan<byte> uri, bool isResource)
    {
        foreach (var pattern in patterns)
        {
            if (isResource ? pattern.MatchesAnyScheme(uri) : pattern.Matches(uri))
            {
                return true;
            }
        }

        return false;
    }
}

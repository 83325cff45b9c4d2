using System.Text;
using WikiBus.Json;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Envelopes;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Deliveries.Records;

/// <summary>
/// Rules by stream, wiki, channel and filters, which all must match. Canary events never match. Immutable; safe for
/// concurrent use.
/// </summary>
internal sealed class StreamRules : RecordRules
{
    private readonly StreamPattern[] _streams;
    private readonly Grant? _wikis;
    private readonly ChannelPattern? _channel;
    private readonly FilterExpression[] _filters;

    /// <param name="streams">Valid patterns of <see cref="StreamPattern"/>; none: all streams.</param>
    /// <param name="wikis">Database names, wiki ids or domains; none: all.</param>
    /// <param name="channel">Null: all channels.</param>
    /// <param name="filters">None: all events.</param>
    public StreamRules(
        IReadOnlyList<string> streams, IReadOnlyList<string> wikis, ChannelPattern? channel,
        IReadOnlyList<FilterExpression> filters)
    {
        _streams = [.. streams.Select(static pattern => new StreamPattern(pattern))];
        _wikis = wikis.Count > 0 ? new Grant([], wikis, []) : null;
        _channel = channel;
        _filters = [.. filters];
        Text = string.Join('\n', (string[])
        [
            string.Join(',', streams.Order(StringComparer.Ordinal)),
            string.Join(',', wikis.Order(StringComparer.Ordinal)),
            channel?.ToString() ?? "",
            .. filters.Select(static filter => filter.ToString()),
        ]);
    }

    public override string Text { get; }

    public override bool HasFilters => _filters.Length > 0;

    public override bool HasStream(string stream) =>
        _streams.Length == 0 || Array.Exists(_streams, pattern => pattern.Matches(stream));

    public override bool MatchesHeader(in RecordHeader header) =>
        FindMissedHeader(header.Channel, header.Wiki) is null;

    public override bool Matches(JsonTapeValue root) => Array.TrueForAll(_filters, filter => filter.Matches(root));

    public override string? FindMiss(DeliveryRecord record)
    {
        if (!HasStream(record.Stream))
        {
            return $"streams: {string.Join(", ", Text.Split('\n')[0].Split(','))}";
        }

        if (FindMissedHeader(record.Channel, record.Wiki) is { } missed)
        {
            return missed;
        }

        var tape = new JsonTape();
        tape.TryParse(EnvelopeWriter.JsonOf(record.ToLogRecord()), out _);
        var root = tape.Root;
        foreach (var filter in _filters)
        {
            if (!filter.Matches(root))
            {
                return $"filter: {filter}";
            }
        }

        return null;
    }

    private string? FindMissedHeader(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> wiki)
    {
        var domain = ChannelParts.HostOf(channel);
        if (domain.SequenceEqual("canary"u8))
        {
            return "canary events are never delivered";
        }

        if (_channel is not null && !_channel.Matches(channel))
        {
            return $"channel: {_channel}";
        }

        // As for keys: a record without a wiki has its domain as the wiki.
        var ownWiki = Ascii.EqualsIgnoreCase(wiki, domain) ? default : wiki;
        return _wikis is null || _wikis.NamesAsWiki(domain)
            || _wikis.FindFault(ownWiki, domain) == WikiFault.None
            ? null
            : $"wikis: {string.Join(", ", Text.Split('\n')[1].Split(','))}";
    }
}

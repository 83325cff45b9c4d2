using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WikiBus.Server.Http;
using WikiBus.Server.Streams;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Storage;

namespace WikiBus.Server.Webhooks.Places;

/// <summary>
/// Finds places in the log that a person wrote: <c>now</c>, a position, <c>STREAM@OFFSET</c>, or a time. Digits alone
/// are always a position.
/// </summary>
internal sealed class LogPlaces(EventLog log, StreamCatalog streams)
{
    private const string Allowed = "'now', a position, STREAM@OFFSET, and a time such as 2026-11-29T21:17:00Z are";

    /// <summary>Finds the position; if false, the fault says what is allowed.</summary>
    /// <param name="text">What the person wrote.</param>
    /// <param name="mayRead">May the person know that a stream exists?</param>
    /// <param name="position">Of the first record there; null: the end of the log, wherever it is then.</param>
    /// <param name="fault">A sentence without the member's name.</param>
    public bool TryFind(
        string text, Func<string, bool> mayRead, out long? position, [NotNullWhen(false)] out string? fault)
    {
        (position, fault) = text == WebhookDefinition.StartNow ? (null, null)
            : text.Length > WebhookRules.PlaceLengthMax ? (null, $"{Allowed} allowed")
            : text.Length > 0 && text.All(char.IsAsciiDigit) ? FindPosition(text)
            : text.Contains('@', StringComparison.Ordinal) ? FindOffset(text, mayRead)
            : TimeParameter.TryParse(text, out var timeMs) ? (log.FindPosition(timeMs), null)
            : (null, $"'{Echo.OnOneLine(text)}' is not allowed; {Allowed}");
        return fault is null;
    }

    private (long? Position, string? Fault) FindPosition(string text) =>
        !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
        || position > log.EndPosition
            ? (null, string.Create(
                CultureInfo.InvariantCulture,
                $"the log ends at position {log.EndPosition}; a time is written as in 2026-11-29T21:17:00Z"))
            : (Math.Max(position, log.FirstPosition), null);

    private (long? Position, string? Fault) FindOffset(string text, Func<string, bool> mayRead)
    {
        var at = text.LastIndexOf('@');
        var stream = streams.Resolve(text[..at]);
        return !long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? (null, $"'{Echo.OnOneLine(text)}' is not allowed; {Allowed}")
            : !mayRead(stream) || log.FindStream(stream) is not { } summary
                ? (null, $"the stream '{Echo.OnOneLine(stream)}' has no records")
            : offset > summary.NextOffset
                ? (null, string.Create(
                    CultureInfo.InvariantCulture, $"the stream '{stream}' ends at offset {summary.NextOffset}"))
            : (log.FindPosition(stream, offset), null);
    }
}

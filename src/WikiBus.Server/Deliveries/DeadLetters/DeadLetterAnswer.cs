using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.Records;

namespace WikiBus.Server.Deliveries.DeadLetters;

/// <summary>A dead delivery, as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Subscription">The id of its subscription.</param>
/// <param name="Position">The record's position.</param>
/// <param name="Record">The record, as <c>STREAM@OFFSET</c>.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Attempts">Attempts that counted.</param>
/// <param name="DeadAt">When it was given up.</param>
/// <param name="LastError">The last try.</param>
/// <param name="ContentType">The content type of the payload; null in lists.</param>
/// <param name="Payload">The payload; null in lists, and if it is not UTF-8.</param>
/// <param name="PayloadBase64">The payload in base64 if it is not UTF-8; else null.</param>
internal sealed record DeadLetterAnswer(
    string Id, string Subscription, long Position, string Record, string EventId, int Attempts, DateTime DeadAt,
    ErrorAnswer? LastError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ContentType = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Payload = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PayloadBase64 = null)
{
    public static DeadLetterAnswer Of(FoundLetter found)
    {
        var letter = found.Letter;
        return new DeadLetterAnswer(
            letter.Number.ToString(CultureInfo.InvariantCulture), found.Subscription.Id, letter.Position,
            RecordName.Of(letter.Stream, letter.Offset), letter.EventId,
            letter.Attempts, letter.DeadAt.UtcDateTime, ErrorAnswer.Of(letter.Last));
    }

    public static DeadLetterAnswer Of(DeadLetterContent content)
    {
        var isText = Utf8.IsValid(content.Payload);
        return Of(content.Found) with
        {
            ContentType = content.ContentType,
            Payload = isText ? Encoding.UTF8.GetString(content.Payload) : null,
            PayloadBase64 = isText ? null : Convert.ToBase64String(content.Payload),
        };
    }
}

/// <summary>A page of dead deliveries.</summary>
/// <param name="Items">By subscription; the one that died first at the beginning.</param>
/// <param name="Next">The parameter <c>after</c> of the next page; null: this is the last one.</param>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterAnswer> Items, string? Next);

/// <summary>How many were dropped.</summary>
internal sealed record DropCount(long Dropped);

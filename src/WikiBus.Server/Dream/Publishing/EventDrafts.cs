using System.Buffers;
using System.IO.Hashing;
using System.Text;
using WikiBus.Events;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Events;
using WikiBus.Server.Filters;
using WikiBus.Server.Intake.Judging;
using WikiBus.Storage;

namespace WikiBus.Server.Dream.Publishing;

/// <summary>Makes the record of a published event.</summary>
internal static class EventDrafts
{
    // The log takes an empty type for JSON.
    private const string NoType = "application/octet-stream";

    /// <summary>The record.</summary>
    /// <param name="headers">The event's headers.</param>
    /// <param name="root">What its document says.</param>
    /// <param name="id">Its id.</param>
    /// <param name="contentType">Its content type; empty: none was given.</param>
    /// <param name="body">Its body.</param>
    /// <param name="caller">Who sends it.</param>
    /// <param name="hashSeed"><see cref="EventLog.HashSeed"/>.</param>
    /// <returns>Null: its attributes are too large.</returns>
    public static RecordDraft? Of(
        EventHeaders headers, DocumentRoot root, string id, string contentType, ReadOnlyMemory<byte> body,
        Caller caller, ulong hashSeed)
    {
        var channel = headers.Channel.ToString();
        var attributes = new ArrayBufferWriter<byte>();
        Write(new AttributeWriter(attributes), headers, root, caller);
        if (attributes.WrittenCount > AttributeWriter.BytesMax)
        {
            return null;
        }

        var idBytes = Encoding.UTF8.GetBytes(id);
        var type = contentType.Length > 0 ? contentType : NoType;
        var key = root.PageId is { } page
            ? $"{root.WikiId ?? HostOf(channel)}:{page}"
            : headers.Resource ?? channel;
        return new RecordDraft
        {
            Stream = DekiStreams.Find(channel),
            Payload = body,
            Key = Encoding.UTF8.GetBytes(key),
            Channel = Encoding.UTF8.GetBytes(channel),
            ContentType = Encoding.ASCII.GetBytes(type),
            Id = idBytes,
            Attributes = attributes.WrittenMemory,
            Identity = EventIdentity.Of(
                ContentOf(headers, type, body.Span, hashSeed), headers.Id is null ? default : idBytes, default,
                hashSeed),
        };
    }

    /// <summary>The host of a channel without user and port, which names the wiki.</summary>
    public static string HostOf(string channel) =>
        Encoding.ASCII.GetString(ChannelParts.HostOf(Encoding.ASCII.GetBytes(channel)));

    private static void Write(AttributeWriter attributes, EventHeaders headers, DocumentRoot root, Caller caller)
    {
        AddText(attributes, "wiki", root.WikiId ?? HostOf(headers.Channel.ToString()));
        attributes.Add("publisher"u8, caller.IdBytes.Span);
        AddText(attributes, "resource", headers.Resource);
        AddText(attributes, "time", root.Time);
        foreach (var origin in headers.Origins)
        {
            attributes.Add("origin", origin);
        }

        foreach (var recipient in headers.Recipients)
        {
            attributes.Add("recipient", recipient);
        }

        foreach (var via in headers.Vias)
        {
            attributes.Add("via", via.ToString());
        }
    }

    private static void AddText(AttributeWriter attributes, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            attributes.Add(name, value);
        }
    }

    // An event that came over another service is the same one, so the services do not count. Recipients do: a service
    // that judges them sends an event once for each subscription, with one id and the recipients of that subscription.
    private static byte[] ContentOf(EventHeaders headers, string type, ReadOnlySpan<byte> body, ulong hashSeed)
    {
        var head = string.Join(
            '\n',
            [type, headers.Channel.ToString(), headers.Resource ?? "", .. headers.Origins, "", .. headers.Recipients]);
        return [.. Encoding.UTF8.GetBytes(head), .. XxHash128.Hash(body, unchecked((long)hashSeed))];
    }
}

using System.Text;
using System.Xml.Linq;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Answers;
using WikiBus.Server.Dream.Events;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Entry;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;
using WikiBus.Server.Streams;
using WikiBus.Storage;

namespace WikiBus.Server.Dream.Publishing;

/// <summary>
/// <c>POST publish</c>: takes an event, whatever its body is, and answers when it is on disk. Safe for concurrent use.
/// </summary>
/// <remarks>Source: <c>PubSubService</c> and <c>DispatcherEvent</c> of Dream 2.2, and recorded answers: the order of
/// the checks, and the texts.</remarks>
internal sealed class PublishRoute(
    EventLog log, AppendWait appends, StreamCatalog streams, OwnUris own, AccessControl access,
    BytesInFlight bytesInFlight, RefusedEvents refused, IntakeOptions options, IntakeDiagnostics diagnostics,
    TimeProvider time)
{
    /// <summary>Most services that an event may have passed.</summary>
    public const int ViasMax = 32;

    /// <summary>Most bytes of a channel, as the log allows.</summary>
    public const int ChannelBytesMax = 1024;

    /// <summary>
    /// Most characters of channel, resource, origins and vias: other services that get the event must take its headers,
    /// with the recipients.
    /// </summary>
    public const int UriCharsMax = 8_192;

    /// <summary>Most bytes of a content type.</summary>
    public const int ContentTypeBytesMax = 255;

    private const string OwnScheme = "pubsub";
    private const string Reserved = "events published into this service cannot be of scheme 'pubsub'";
    private const string Loop = "Dispatch loop detected: The event has already been dispatched by this service";

    public async Task PublishAsync(HttpContext context, Caller caller)
    {
        if ((caller.Roles & (Role.Publish | Role.Manage)) == Role.None)
        {
            Count(context, caller, 403, "the key may not publish");
            await DreamAnswers.DeniedAsync(context);
            return;
        }

        if (!EventHeaders.TryRead(context.Request.Headers, out var headers, out var fault))
        {
            await RefuseAsync(context, caller, 400, fault);
            return;
        }

        // Deliveries do not have this header, so nobody could read the body.
        if (context.Request.Headers.ContentEncoding.ToString() .ToLowerInvariant() is not ("" or "identity"))
        {
            await RefuseAsync(context, caller, 415, "Content-Encoding: only identity is allowed");
            return;
        }

        if (FindRefusal(headers, context.Request.ContentType ?? "") is { } refusal)
        {
            await RefuseAsync(context, caller, refusal.Status, refusal.Message);
            return;
        }

        // The body is in memory until its record is on disk.
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var body = new EventBody(bytesInFlight, options.EventBytesMax);
        if (await body.ReadAsync(context, deadline.Token) is { } unread)
        {
            await RefuseAsync(context, caller, unread.Status, unread.Message);
            return;
        }

        await TakeInAsync(context, caller, headers, body.Bytes, deadline.Token);
    }

    private (int Status, string Message)? FindRefusal(EventHeaders headers, string contentType) =>
        headers.Channel.Scheme.Equals(OwnScheme, StringComparison.OrdinalIgnoreCase) ? (403, Reserved)
        : headers.Vias.Any(own.IsOwn) ? (400, Loop)
        : headers.Vias.Count > ViasMax ? (400, $"the event has passed more than {ViasMax} services")
        : headers.Channel.ToString().Length > ChannelBytesMax
            ? (400, $"the channel has more than {ChannelBytesMax} bytes")
        : LengthOf(headers) > UriCharsMax
            ? (400, $"channel, resource, origins and vias of the event have more than {UriCharsMax} characters")
        : Encoding.UTF8.GetByteCount(headers.Id ?? "") > EventIdentity.IdBytesMax
            ? (400, $"the id of the event has more than {EventIdentity.IdBytesMax} bytes")
        : contentType.Length > ContentTypeBytesMax || !Ascii.IsValid(contentType)
            ? (400, $"the content type is not ASCII, or has more than {ContentTypeBytesMax} bytes")
        : null;

    private static int LengthOf(EventHeaders headers) =>
        headers.Channel.ToString().Length + (headers.Resource?.Length ?? 0)
        + headers.Origins.Sum(static origin => origin.Length)
        + headers.Vias.Sum(static via => via.ToString().Length);

    private async Task TakeInAsync(
        HttpContext context, Caller caller, EventHeaders headers, ReadOnlyMemory<byte> body,
        CancellationToken deadline)
    {
        var isXml = context.Request.ContentType?.Contains("xml", StringComparison.OrdinalIgnoreCase) == true;
        var root = DocumentRoot.Read(body, isXml);
        var id = headers.Id ?? Guid.NewGuid().ToString();
        var draft = EventDrafts.Of(
            headers, root, id, context.Request.ContentType ?? "", body, caller, log.HashSeed);
        if (draft is null)
        {
            await RefuseAsync(
                context, caller, 400, $"the headers of the event have more than {AttributeWriter.BytesMax} bytes");
            return;
        }

        if (FindMissingRight(caller, draft.Stream, root, EventDrafts.HostOf(headers.Channel.ToString())) is { } missing)
        {
            await RefuseAsync(context, caller, 403, missing);
            return;
        }

        var result = await appends.WaitAsync(log.Append([draft]), deadline);
        if (result.Status != AppendStatus.Stored)
        {
            await DreamAnswers.UnavailableAsync(context, AppendWait.ReasonOf(result));
            return;
        }

        diagnostics.Events(draft.Stream, result.Records[0].IsDuplicate ? "duplicate" : "stored", 1);
        await DreamAnswers.DocumentAsync(
            context, 200, new XElement("event", new XAttribute("id", DreamAnswers.Encodable(id))));
    }

    private Task RefuseAsync(HttpContext context, Caller caller, int status, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            return DreamAnswers.UnavailableAsync(context, message);
        }

        Count(context, caller, status, message);
        return DreamAnswers.ErrorAsync(context, status, message);
    }

    // Dream's publishers seldom look at answers, so the operator reads here what is wrong.
    private void Count(HttpContext context, Caller caller, int status, string message)
    {
        diagnostics.Refused("error", 1);
        refused.Report(caller.Id, access.NetworkOf(context), status, message);
    }

    private string? FindMissingRight(Caller caller, string stream, DocumentRoot root, string host)
    {
        if (!streams.HasRecords(stream) && !streams.HasRoomFor(stream, new HashSet<string>()))
        {
            return $"the stream {stream} would be new, and there are as many streams as Streams:CountMax allows";
        }

        if (!caller.MayPublishTo(stream))
        {
            return $"the key may not publish to the stream {stream}";
        }

        if (root.IsUnread && caller.FindFault(default, default) != WikiFault.None)
        {
            return "the key may not publish documents whose wiki cannot be read in their first "
                + $"{DocumentRoot.BytesMax} bytes";
        }

        // A document of another wiki than the channel's would be judged by that wiki's rights.
        return new[] { host, root.WikiId ?? host }.FirstOrDefault(wiki => !MayPublish(caller, wiki)) is { } refused
            ? $"the key may not publish events of the wiki {Echo.Of(refused)}"
            : null;
    }

    // A key may name the wiki among its wikis or among its domains.
    private static bool MayPublish(Caller caller, string wiki)
    {
        var name = Encoding.UTF8.GetBytes(wiki);
        return caller.FindFault(name, default) == WikiFault.None || caller.FindFault(default, name) == WikiFault.None;
    }
}

using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using WikiBus.Events.Deki;

namespace WikiBus.Events.Tests.Deki;

/// <summary>The recorded documents of the real change sink are read, and give the inputs of its calls back.</summary>
public sealed class RoundTripTests
{
    private readonly IReadOnlyList<RecordedCall> _calls = RecordedCalls.Read();

    [Fact]
    public void EveryWellFormedDocument_GivesTheInputsBack()
    {
        var read = 0;
        foreach (var call in _calls)
        {
            foreach (var item in call.Events.Where(item => !item.Document.Contains("&#x7;", StringComparison.Ordinal)))
            {
                var document = DekiEvent.Parse(item.Document);
                CheckHead(call, item, document);
                CheckSubject(call, item.Channel.Split("/deki/")[1].Split('/'), document);
                DekiEvent.Parse(Encoding.UTF8.GetBytes(item.Document)).Body.ShouldBe(document.Body);
                read++;
            }
        }

        read.ShouldBe(784);
    }

    [Fact]
    public void RecordedDocumentsThatAreNotWellFormed_AreRefused()
    {
        var documents = _calls.SelectMany(call => call.Events).Select(item => item.Document)
            .Where(document => document.Contains("&#x7;", StringComparison.Ordinal)).ToList();
        documents.Count.ShouldBe(2);
        documents.ShouldAllBe(document =>
            Should.Throw<FormatException>(() => DekiEvent.Parse(document)).Message.Contains("position"));
    }

    private static void CheckHead(RecordedCall call, DekiEvent item, DekiEventDocument document)
    {
        document.WikiId.ShouldBe(Text(call.Input, "wikiId"));
        document.Time.ShouldBe(new DateTimeOffset(
            call.Wiki.Time.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero));
        document.Channel.ShouldBe(item.Channel);
        if (document.Uri is not null)
        {
            document.Uri.ShouldBe(item.Channel.Contains("/deki/users/", StringComparison.Ordinal)
                && !item.Channel.Contains("/users/properties/", StringComparison.Ordinal)
                ? $"{Text(call.Input, "apiUri")}/users/{document.UserId}"
                : item.Origins[0]);
        }
    }

    private static void CheckSubject(RecordedCall call, string[] path, DekiEventDocument document)
    {
        switch (path)
        {
            case ["pages", "security", ..]:
                document.PageId.ShouldBe(Number(call.Input, "page", "id"));
                document.Cascade.ShouldBe(call.Name == "PageSecurityDelete" ? DekiCascade.None : call.Cascade);
                break;
            case ["pages" or "files" or "users" or "site", "properties", ..]:
                CheckProperty(call, document);
                break;
            case ["pages", ..]:
                CheckPage(call, document);
                break;
            case ["comments", ..]:
                CheckComment(call, document);
                break;
            case ["files", ..]:
                document.FileId.ShouldBe(Number(call.Input, "file", "id"));
                document.Uri.ShouldEndWith(document.Path!);
                document.ContentUri.ShouldBe(document.Uri);
                document.RevisionUri.ShouldEndWith($"revision={Number(call.Input, "file", "revision")}");
                break;
            case ["users", ..]:
                document.UserId.ShouldBe(call.Name.StartsWith("User", StringComparison.Ordinal)
                    ? Number(call.Input, "user", "id")
                    : Number(call.Input, "parent", "id") ?? Number(call.Input, "user", "id"));
                break;
            case ["ban", ..]:
                CheckBan(call, document);
                break;
            case ["site", "license", ..]:
                document.PreviousLicense.ShouldBe(call.License("previousState"));
                document.NewLicense.ShouldBe(call.License("newState"));
                break;
            default:
                path[0].ShouldBe("site");
                break;
        }
    }

    private static void CheckPage(RecordedCall call, DekiEventDocument document)
    {
        var pages = call.Input.TryGetProperty("storedPages", out var stored) ? stored.EnumerateArray().ToList() : [];
        if (call.Input.TryGetProperty("page", out var own))
        {
            pages.Insert(0, own);
        }

        var page = pages.First(candidate => Number(candidate, "id") == document.PageId);
        document.Path.ShouldBe(Text(page, "uiPath"));
        document.RevisionUri.ShouldEndWith($"&revision={Number(page, "revision")}");
        document.TagsUri!.ShouldContain($"/pages/{document.PageId}/tags");
        document.CommentsUri!.ShouldContain($"/pages/{document.PageId}/comments");
        document.ContentUri!.ShouldContain($"/pages/{document.PageId}/contents");
        CheckActingUser(call, document);
        document.PreviousPath.ShouldBe(call.Name == "PageMove" ? Text(call.Input, "oldPage", "uiPath") : null);
        document.RevertedTo.ShouldBe(call.Name == "PageRevert" ? call.RevertedTo : null);
        if (call.Name == "PageMessage")
        {
            CheckBody(call, document);
        }
    }

    private static void CheckBody(RecordedCall call, DekiEventDocument document)
    {
        var body = Lines(Text(call.Input, "body"))!;
        document.BodyType.ShouldBe(Text(call.Input, "contentType"));
        var type = call.Message.ContentType;
        if (type.Contains("xml", StringComparison.Ordinal))
        {
            // What is read was written by the sink, which writes an empty element in one way only.
            var sent = XElement.Parse(body, LoadOptions.PreserveWhitespace);
            XElement.Parse(document.Body!, LoadOptions.PreserveWhitespace).ToString().ShouldBe(
                sent.ToString().Replace("<n></n>", "<n />", StringComparison.Ordinal));
        }
        else if (type == "application/x-www-form-urlencoded")
        {
            document.Body.ShouldBe("<form><a>1</a><b>two words</b></form>");
        }
        else
        {
            document.Body.ShouldBe(type.Contains("utf", StringComparison.Ordinal)
                ? body
                : Encoding.ASCII.GetString(call.Message.Body.Span));
        }
    }

    private static void CheckComment(RecordedCall call, DekiEventDocument document)
    {
        document.UserId.ShouldBe(Number(call.Input, "comment", "posterUserId"));
        document.PageId.ShouldBe(Number(call.Input, "comment", "pageId"));
        document.PageUri.ShouldEndWith($"/pages/{Number(call.Input, "page", "id")}?redirects=0");
        document.Path.ShouldBe(
            $"{Text(call.Input, "page", "uiPath")}#comment{Number(call.Input, "comment", "number")}");
        var content = Text(call.Input, "comment", "content")!;
        var isInline = content.Length < 255;
        document.Content.ShouldBe(isInline ? Lines(content) : null);
        document.ContentType.ShouldBe(isInline ? Text(call.Input, "comment", "contentMimeType") : null);
        document.ContentUri.ShouldBe($"{document.Uri}/content");
        CheckActingUser(call, document);
    }

    private static void CheckProperty(RecordedCall call, DekiEventDocument document)
    {
        var size = Number(call.Input, "property", "size");
        var type = Text(call.Input, "property", "mimeType")!;
        document.PropertyName.ShouldBe(Text(call.Input, "property", "name"));
        document.ContentSize.ShouldBe(size);
        document.ContentType.ShouldBe(type.Split(';')[0].ToLowerInvariant());
        document.Uri.ShouldBe($"{document.ContentUri}/info");
        document.ContentUri.ShouldStartWith($"{Text(call.Input, "parent", "uri")}/properties/");
        var id = document.PageId ?? document.FileId ?? document.UserId;
        var parent = Number(call.Input, "parent", "id");
        id.ShouldBe(Text(call.Input, "parent", "type") == "user" ? parent ?? 0 : parent);
        if (!type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || size >= 256)
        {
            document.Content.ShouldBeNull();
        }
        else if (!type.Contains("charset", StringComparison.Ordinal))
        {
            document.Content.ShouldBe(Encoding.ASCII.GetString(call.Property.Content.Span));
        }
        else
        {
            var text = Text(call.Input, "property", "content") ?? Encoding.UTF8.GetString(call.Property.Content.Span);
            document.Content.ShouldBe(Lines(text.TrimStart('\uFEFF')));
        }
    }

    private static void CheckBan(RecordedCall call, DekiEventDocument document)
    {
        var ban = call.Ban;
        document.BanId.ShouldBe(ban.Id);
        document.BannedBy.ShouldBe(ban.By);
        document.BanReason.ShouldBe(ban.Reason);
        document.BannedAddresses.ShouldBe(ban.Addresses);
        document.BannedUserIds.ShouldBe(ban.UserIds);
    }

    private static void CheckActingUser(RecordedCall call, DekiEventDocument document)
    {
        document.ActingUserId.ShouldBe(Number(call.Input, "user", "id"));
        document.IsActingUserAnonymous.ShouldBe(Text(call.Input, "user", "name") == "Anonymous");
    }

    private static JsonElement? Find(JsonElement element, string[] path)
    {
        foreach (var name in path)
        {
            if (!element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    private static string? Text(JsonElement element, params string[] path) => Find(element, path)?.GetString();

    private static long? Number(JsonElement element, params string[] path) => Find(element, path)?.GetInt64();

    // A reader of XML turns every line break into a line feed.
    private static string? Lines(string? text) =>
        text?.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}

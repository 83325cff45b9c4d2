using System.Text;
using System.Text.Json;
using WikiBus.Events.Deki;

namespace WikiBus.Events.Tests.Deki;

/// <summary>A recorded call of Deki's change sink, and its inputs as those of the builders.</summary>
internal sealed class RecordedCall(int number, JsonElement line)
{
    private readonly JsonElement _input = line.GetProperty("input");

    /// <summary>The line in the recording, from 1.</summary>
    public int Line => number;

    public string Name => line.GetProperty("call").GetString()!;

    public JsonElement Input => _input;

    public bool HasThrown => line.TryGetProperty("thrown", out _);

    public string? BaseUri => _input.TryGetProperty("requestBaseUri", out var uri) ? uri.GetString() : null;

    public IReadOnlyList<DekiEvent> Events =>
    [
        .. line.GetProperty("events").EnumerateArray().Select(item => new DekiEvent(
            item.GetProperty("channel").GetString()!,
            item.GetProperty("resource").GetString(),
            [.. item.GetProperty("origins").EnumerateArray().Select(origin => origin.GetString()!)],
            item.GetProperty("document").GetString()!)),
    ];

    public DekiWiki Wiki => new()
    {
        Id = _input.GetProperty("wikiId").GetString()!,
        ApiUri = new Uri(_input.GetProperty("apiUri").GetString()!),
        Time = _input.GetProperty("eventTime").GetDateTimeOffset(),
        BaseUri = BaseUri is { } uri ? new Uri(uri) : null,
    };

    public DekiPage Page => PageOf(_input.GetProperty("page"));

    public DekiUser User => UserOf(_input.GetProperty("user"));

    public DekiComment Comment
    {
        get
        {
            var comment = _input.GetProperty("comment");
            return new DekiComment
            {
                Number = comment.GetProperty("number").GetInt64(),
                PosterId = comment.GetProperty("posterUserId").GetInt64(),
                Content = comment.GetProperty("content").GetString()!,
                ContentType = comment.GetProperty("contentMimeType").GetString(),
            };
        }
    }

    public DekiFile File => FileOf(_input.GetProperty("file"));

    public DekiProperty Property
    {
        get
        {
            var property = _input.GetProperty("property");
            var type = property.GetProperty("mimeType").GetString()!;
            var content = property.TryGetProperty("content", out var text)
                ? Encode(text.GetString()!, type)
                : property.GetProperty("contentBase64").GetBytesFromBase64();
            content.Length.ShouldBe(property.GetProperty("size").GetInt32());
            return new DekiProperty
            {
                Name = property.GetProperty("name").GetString()!,
                MimeType = type,
                Content = content,
            };
        }
    }

    public DekiPropertyOwner Owner
    {
        get
        {
            var parent = _input.GetProperty("parent");
            var id = parent.TryGetProperty("id", out var value) && value.ValueKind == JsonValueKind.Number
                ? value.GetInt64()
                : 0;
            return parent.GetProperty("type").GetString() switch
            {
                "page" => DekiPropertyOwner.OfPage(id, Stored(id)),
                "file" => DekiPropertyOwner.OfFile(StoredFile(id)),
                "user" => DekiPropertyOwner.OfUser(id, StoredUser(id)),
                _ => DekiPropertyOwner.Site,
            };
        }
    }

    public DekiBan Ban
    {
        get
        {
            var ban = _input.GetProperty("ban");
            return new DekiBan
            {
                Id = ban.GetProperty("id").GetInt64(),
                By = ban.GetProperty("by").GetInt64(),
                Reason = ban.GetProperty("reason").GetString(),
                Addresses = [.. ban.GetProperty("addresses").EnumerateArray().Select(item => item.GetString()!)],
                UserIds = [.. ban.GetProperty("userIds").EnumerateArray().Select(item => item.GetInt64())],
            };
        }
    }

    public DekiMessage Message => new()
    {
        Path = [.. _input.GetProperty("messagePath").EnumerateArray().Select(segment => segment.GetString()!)],
        ContentType = _input.GetProperty("contentType").GetString()!,
        Body = Encode(_input.GetProperty("body").GetString()!, _input.GetProperty("contentType").GetString()!),
    };

    public DekiPage? Source => Stored(_input.GetProperty("sourcePageId").GetInt64());

    public DekiPage Previous => PageOf(_input.GetProperty("oldPage"));

    public int RevertedTo => _input.GetProperty("revertedTo").GetInt32();

    public DekiCascade Cascade => Enum.Parse<DekiCascade>(_input.GetProperty("cascade").GetString()!, ignoreCase: true);

    public DekiLicenseState License(string name) =>
        Enum.Parse<DekiLicenseState>(_input.GetProperty(name).GetString()!, ignoreCase: true);

    // The bytes that a client sends, or that are stored: in the charset of the type, or else UTF-8.
    private static byte[] Encode(string text, string type)
    {
        const string Parameter = "charset=";
        var at = type.IndexOf(Parameter, StringComparison.Ordinal);
        return (at < 0 ? Encoding.UTF8 : Encoding.GetEncoding(type[(at + Parameter.Length)..])).GetBytes(text);
    }

    private static DekiUser UserOf(JsonElement user) => new()
    {
        Id = user.GetProperty("id").GetInt64(),
        Name = user.GetProperty("name").GetString()!,
    };

    private static DekiNamespace NamespaceOf(JsonElement page) => Enum.Parse<DekiNamespace>(
        page.GetProperty("namespace").GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private DekiPage PageOf(JsonElement page)
    {
        var space = page.GetProperty("namespace").GetString()!;
        var front = space.EndsWith("_talk", StringComparison.Ordinal)
            ? StoredPages().FirstOrDefault(stored =>
                stored.GetProperty("namespace").ValueEquals(space[..^"_talk".Length])
                && stored.GetProperty("title").ValueEquals(page.GetProperty("title").GetString()))
            : default;
        return new DekiPage
        {
            Id = page.GetProperty("id").GetInt64(),
            Namespace = NamespaceOf(page),
            Title = page.GetProperty("title").GetString()!,
            Revision = page.GetProperty("revision").GetInt64(),
            FrontPage = front.ValueKind == JsonValueKind.Object && front.GetProperty("id").GetInt64() > 0
                ? PageOf(front)
                : null,
        };
    }

    private DekiFile FileOf(JsonElement file)
    {
        var parent = file.GetProperty("parentPageId");
        var page = parent.ValueKind == JsonValueKind.Number ? parent.GetInt64() : 0;
        return new DekiFile
        {
            Id = file.GetProperty("id").GetInt64(),
            Revision = file.GetProperty("revision").GetInt64(),
            PageId = page,
            Page = Stored(page),
            IsDeleted = file.GetProperty("deleted").GetBoolean(),
        };
    }

    private IEnumerable<JsonElement> StoredPages() => Listed("storedPages");

    private DekiPage? Stored(long id) =>
        StoredPages().FirstOrDefault(page => page.GetProperty("id").GetInt64() == id) is
            { ValueKind: JsonValueKind.Object } page
            ? PageOf(page)
            : null;

    private DekiFile StoredFile(long id) =>
        Listed("storedFiles").FirstOrDefault(file => file.GetProperty("id").GetInt64() == id) is
            { ValueKind: JsonValueKind.Object } file
            ? FileOf(file)
            : null!;

    // The user who acts exists, too.
    private DekiUser? StoredUser(long id) =>
        Listed("storedUsers").Append(_input.GetProperty("user"))
            .FirstOrDefault(user => user.GetProperty("id").GetInt64() == id) is
            { ValueKind: JsonValueKind.Object } user
            ? UserOf(user)
            : null;

    private IEnumerable<JsonElement> Listed(string name) =>
        _input.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];
}

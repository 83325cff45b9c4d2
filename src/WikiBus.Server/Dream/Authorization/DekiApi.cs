using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using WikiBus.Server.Dream.Settings;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>
/// Asks the API of the wiki. Each call names the wiki by <c>X-Deki-Site</c>, since one API may serve several, and
/// carries the master key. Safe for concurrent use.
/// </summary>
/// <remarks>Source: Deki's <c>DekiDispatcher</c>, and recorded calls.</remarks>
internal sealed class DekiApi(DekiOptions options, DekiCalls calls, TimeProvider time) : IDisposable
{
    /// <summary>Most bytes of an answer.</summary>
    public const int AnswerBytesMax = 1 << 20;

    private const string Settings = "site/settings";

    private readonly CallLimit _limit = new(options.RequestsPerSecondMax, time);

    private readonly CancellationTokenSource _stopped = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>The instance key of a wiki; an empty text: it has none.</summary>
    public async Task<DekiAnswer<string>> ReadInstanceKeyAsync(string wiki)
    {
        var answer = await SendAsync(
            HttpMethod.Get, Settings, "", wiki, body: null, "config");
        return answer.Fault is null
            ? new DekiAnswer<string>(answer.Value?.Element("security")?.Element("api-key")?.Value ?? "")
            : new DekiAnswer<string>(null, answer.Fault);
    }

    /// <summary>The ids of the pages above a page; none: there is no such page.</summary>
    public async Task<DekiAnswer<IReadOnlySet<string>>> ReadAncestorsAsync(
        string wiki, string page)
    {
        var answer = await SendAsync(
            HttpMethod.Get, $"pages/{page}", "", wiki, body: null, "page");
        return answer.Fault is null
            ? new DekiAnswer<IReadOnlySet<string>>(answer.Value is null ? new HashSet<string>() : answer.Value
                .Descendants("page.parent").Select(static parent => parent.Attribute("id")?.Value ?? "").ToHashSet())
            : new DekiAnswer<IReadOnlySet<string>>(null, answer.Fault);
    }

    /// <summary>Those of the users that may read a page and subscribe to it.</summary>
    public async Task<DekiAnswer<IReadOnlySet<uint>>> ReadAllowedAsync(
        string wiki, string page, IReadOnlyCollection<uint> users)
    {
        var question = new XElement(
            "users", users.Select(static user => new XElement("user", new XAttribute("id", user))));
        var answer = await SendAsync(
            HttpMethod.Post, $"pages/{page}/allowed", "permissions=read,subscribe&filterdisabled=True&", wiki, question,
            "users");
        return answer.Fault is null
            ? new DekiAnswer<IReadOnlySet<uint>>(answer.Value is null ? new HashSet<uint>() : answer.Value
                .Elements("user").Select(static user => ToId(user.Attribute("id")?.Value)).OfType<uint>().ToHashSet())
            : new DekiAnswer<IReadOnlySet<uint>>(null, answer.Fault);
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _client.Dispose();
        _stopped.Dispose();
    }

    /// <summary>A user's id; null: it is none.</summary>
    public static uint? ToId(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    // The value is null if the wiki refused to answer: that is an answer, too.
    private async Task<DekiAnswer<XElement?>> SendAsync(
        HttpMethod method, string path, string query, string wiki, XElement? body, string root)
    {
        if (!await _limit.TryWaitAsync(_stopped.Token))
        {
            return Failed("limited", "as many calls wait as Dream:Deki:RequestsPerSecondMax allows");
        }

        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopped.Token);
        using var request = new HttpRequestMessage(
            method, $"{options.ApiUri.TrimEnd('/')}/{path}?{query}apikey={Uri.EscapeDataString(options.ApiKey)}");
        request.Headers.TryAddWithoutValidation("X-Deki-Site", $"id={wiki}");
        if (body is not null)
        {
            var utf8 = Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting));
            request.Content = new ByteArrayContent(utf8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/xml; charset=utf-8");
        }

        try
        {
            using var response = await _client.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode && !IsRefusal(response.StatusCode))
            {
                return Failed("failed", $"it answered {(int)response.StatusCode}");
            }

            if (!response.IsSuccessStatusCode)
            {
                calls.Refuse((int)response.StatusCode, path == Settings);
                return new DekiAnswer<XElement?>(null);
            }

            var document = Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
            if (document.Name.LocalName != root)
            {
                return Failed("failed", $"it answered no <{root}>");
            }

            calls.Succeed();
            return new DekiAnswer<XElement?>(document);
        }
        catch (OperationCanceledException) when (!_stopped.IsCancellationRequested)
        {
            return Failed("failed", $"no answer in {options.Timeout.TotalSeconds:0.#} s");
        }
        catch (XmlException exception)
        {
            // The message may quote the document, which may hold a key.
            return Failed(
                "failed", $"its answer is no XML: line {exception.LineNumber}, position {exception.LinePosition}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed("failed", exception.GetBaseException().Message);
        }
    }

    // A redirect means that the URL of the API is wrong, and 401 that the master key is: nobody is refused for that.
    private static bool IsRefusal(HttpStatusCode status) =>
        (int)status is >= 400 and <= 499
        && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.ProxyAuthenticationRequired
            or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private DekiAnswer<XElement?> Failed(string outcome, string fault)
    {
        calls.Fail(outcome, fault);
        return new DekiAnswer<XElement?>(null, fault);
    }

    private static XElement Parse(byte[] body)
    {
        using var reader = XmlReader.Create(
            new MemoryStream(body, writable: false),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XElement.Load(reader);
    }
}

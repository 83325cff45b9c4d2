using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Client;

/// <summary>Sends requests to a running server, one after the other, with one address and one key.</summary>
internal sealed class BusClient : IDisposable
{
    /// <summary>At most this part of a refusal's body is read for the message.</summary>
    private const int FaultBytesMax = 64 << 10;

    private readonly HttpClient _client;
    private readonly bool _isKeyOptional;
    private SslPolicyErrors _certificateFaults;

    /// <param name="address">The server's address.</param>
    /// <param name="key">The key to present, if any.</param>
    /// <param name="isKeyOptional">Whether nobody asked for this key: if the server does not know it, the requests
    /// continue without it, as if there were none.</param>
    public BusClient(Uri address, string? key, bool isKeyOptional = false)
    {
        _isKeyOptional = isKeyOptional;
        var root = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, MaxResponseHeadersLength = 128 };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, faults) =>
        {
            _certificateFaults = faults;
            return faults == SslPolicyErrors.None;
        };
        _client = new HttpClient(handler)
        {
            BaseAddress = root,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("wikibus", ProductVersion.Text));
        if (key is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public Uri Address => _client.BaseAddress!;

    /// <summary>How this verb is given a key, for messages.</summary>
    public required string KeySources { get; init; }

    /// <summary>The file that the key is from; null if the key was given, or if there is none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether requests present a key.</summary>
    public bool HasKey => _client.DefaultRequestHeaders.Authorization is not null;

    /// <summary>The time of the first answer by the server's clock, in whole seconds; null before it.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Sends a request; the answer's body is not read ahead.</summary>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        AnsweredAt ??= response.Headers.Date;
        if (response.StatusCode != HttpStatusCode.Unauthorized || !_isKeyOptional || !HasKey)
        {
            return response;
        }

        response.Dispose();
        _client.DefaultRequestHeaders.Authorization = null;
        using var again = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            again.Headers.TryAddWithoutValidation(name, values);
        }

        again.Headers.Authorization = null;
        return await _client.SendAsync(again, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Asks for JSON and fails unless the answer is a success.</summary>
    /// <exception cref="CommandFault">There is no server, or it refused.</exception>
    public async Task<JsonDocument> AskAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new CommandFault(await ExplainAsync(response, cancellationToken));
            }

            return await ReadJsonAsync(response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
    }

    /// <summary>Reads an answer's body.</summary>
    /// <exception cref="CommandFault">It is not JSON.</exception>
    public async Task<JsonDocument> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return await JsonDocument.ParseAsync(body, default, cancellationToken);
        }
        catch (JsonException)
        {
            throw new CommandFault($"{Address} did not answer in JSON. Is it a WikiBus that --url leads to?");
        }
    }

    /// <summary>The message when no answer came.</summary>
    public CommandFault Unreachable(HttpRequestException exception)
    {
        var hint = exception.HttpRequestError switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError =>
                " Is the server running (wikibus serve), or elsewhere (--url)?",
            HttpRequestError.SecureConnectionError => CertificateHint(),
            _ => "",
        };
        return new CommandFault($"No answer from {Address} ({exception.GetBaseException().Message}).{hint}");
    }

    private string CertificateHint() => _certificateFaults switch
    {
        SslPolicyErrors.None => " If the server does not speak https, the address begins with http:// (--url).",
        SslPolicyErrors.RemoteCertificateNameMismatch => " The certificate is for another name than --url has.",
        _ => " To trust a certificate of your own, name its file in the environment variable SSL_CERT_FILE.",
    };

    /// <summary>The message when a request without a key can read nothing.</summary>
    public CommandFault KeyNeeded() => new(
        $"{Address} shows no stream to a request without a key. Give a key that may read: {KeySources}.");

    /// <summary>A refusal: an <see cref="IOException"/> if the same request may succeed later.</summary>
    public async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var explanation = await ExplainAsync(response, cancellationToken);
        return (int)response.StatusCode is 429 or >= 500
            ? new IOException(explanation)
            : new CommandFault(explanation);
    }

    /// <summary>The message for a refusal, with the detail that its body gives.</summary>
    public async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        await response.Content.LoadIntoBufferAsync(FaultBytesMax, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var (type, detail) = Problem(body);
        var reason = $"{response.ReasonPhrase}".TrimEnd('.');
        var text = detail.Length > 0 && reason.Contains(detail.TrimEnd('.'), StringComparison.Ordinal)
            ? reason
            : $"{reason}. {detail}";
        var said = $"{Address} answered {status} {text}".TrimEnd(' ', '.');
        return $"{Echo.Printable(said)}.{Hint(status, type, detail)}";
    }

    public void Dispose() => _client.Dispose();

    private string Hint(int status, string type, string detail) => (status, type) switch
    {
        (401, _) when !HasKey => $" Give a key: {KeySources}.",
        (401, _) when KeyFile is not null =>
            $" The key is from {KeyFile}. Is this the data directory (--data) of the server at this address (--url)?",
        (401, _) => " Is the key (--key or WIKIBUS_KEY) right?",
        (403, _) => " Does the key (--key) have the role and the rights that this needs?",
        (400, "not_found") => " The streams that may be read are listed by wikibus streams --all.",
        (400, "invalid_timestamp") => " A time is such as 2020-01-01, 2020-01-01T12:30:00Z or ms since 1970.",
        (404, _) when detail.StartsWith("Topics ", StringComparison.Ordinal) =>
            " The id (--last-event-id) is from a stream that is not among those to read.",
        (404, _) when detail.Length == 0 => " Is it a WikiBus that --url leads to?",
        _ => "",
    };

    /// <summary>A problem's type and detail, or the messages of a refusal in the form that intake answers.</summary>
    private static (string Type, string Detail) Problem(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var problem = document.RootElement;
            return problem.ValueKind != JsonValueKind.Object ? ("", "")
                : problem.TryGetProperty("error", out var errors) && errors.ValueKind == JsonValueKind.Array
                ? ("refused", string.Join("; ", errors.EnumerateArray().Select(RefusalReport.Reason)))
                : (Text(problem, "type"), $"{Text(problem, "detail")}{Text(problem, "message")}");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }

    private static string Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) ? value.ToString() : "";
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Events;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Jobs;

/// <summary>A wiki that runs jobs, on a port of its own.</summary>
internal sealed partial class JobWiki : IAsyncDisposable
{
    public const string SecretKey = "FAKE-TEST-ONLY-mediawiki-secret-key-0123456789abcdef-do-not-use";
    public const string Path = "/rest.php/eventbus/v0/internal/job/execute";
    public const string JsonType = "application/json";

    private readonly WebApplication _app;
    private readonly JobWikiErrors _errors;

    private JobWiki(WebApplication app, JobWikiErrors errors)
    {
        _app = app;
        _errors = errors;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TestTime.Limit };
    }

    public HttpClient Client { get; }

    /// <summary>What the wiki may log as Errors; a test with others fails.</summary>
    public string? ExpectedError { get; set; }

    public static async Task<JobWiki> StartAsync(
        Action<IServiceCollection> register, Action<ProducerOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var errors = new JobWikiErrors();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.Services.AddWikiBusProducer(options =>
        {
            options.Generation = EventGeneration.Rel139;
            options.Wiki.Database = "testwiki";
            options.Wiki.ServerName = "test.wiki.example.org";
            options.Wiki.CanonicalServer = "https://test.wiki.example.org";
            options.Services["eventbus"] = new EventServiceOptions { Url = "http://127.0.0.1:9/v1/events" };
            options.EnableRunJob = true;
            options.SecretKeys.Add(SecretKey);
            configure?.Invoke(options);
        });
        register(builder.Services);
        var app = builder.Build();
        app.MapGroup("/rest.php").MapRunJob();
        await app.StartAsync(TestTime.Token());
        return new JobWiki(app, errors);
    }

    /// <summary>A signed job event of a type.</summary>
    public static byte[] Job(string type, string parameters = "{}", string secretKey = SecretKey) =>
        Sign($$"""{"database":"testwiki","type":"{{type}}","params":{{parameters}}}""", secretKey);

    /// <summary>Signs an event.</summary>
    public static byte[] Sign(string jobEvent, string secretKey = SecretKey)
    {
        var signature = JobSignature.Sign(Encoding.UTF8.GetBytes(jobEvent), Encoding.UTF8.GetBytes(secretKey));
        return Encoding.UTF8.GetBytes($$"""{{jobEvent[..^1]}},"mediawiki_signature":"{{signature}}"}""");
    }

    public Task<HttpResponseMessage> PostAsync(byte[] body, string? contentType = JsonType) =>
        SendAsync(HttpMethod.Post, Path, [("content-type", contentType)], body);

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, IEnumerable<(string Name, string? Value)> headers, byte[] body)
    {
        var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get && method != HttpMethod.Head)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            HttpHeaders target = name.StartsWith("content-", StringComparison.OrdinalIgnoreCase)
                ? request.Content?.Headers ?? (HttpHeaders)request.Headers
                : request.Headers;
            target.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, TestTime.Token());
    }

    /// <summary>Puts jobs into the queue, in a scope of their own.</summary>
    public async Task PushAsync(params WikiJob[] jobs)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IJobQueue>().PushAsync(jobs, TestTime.Token());
    }

    /// <summary>Sends a job, and gives the status and the body, in which the time is 0.</summary>
    public async Task<(int Status, string Body)> RunAsync(byte[] body, string? contentType = JsonType)
    {
        using var answer = await PostAsync(body, contentType);
        return ((int)answer.StatusCode, await ReadAsync(answer));
    }

    /// <summary>The text of an answer, in which the time is 0.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage answer) =>
        WithoutTime(await answer.Content.ReadAsStringAsync(TestTime.Token()));

    public static string WithoutTime(string answer) => Time().Replace(answer, "\"timeMs\":0");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(TestTime.Token());
        await _app.DisposeAsync();
        _errors.Lines.Where(line => ExpectedError is null || !line.Contains(ExpectedError, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [GeneratedRegex("\"timeMs\":[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();
}

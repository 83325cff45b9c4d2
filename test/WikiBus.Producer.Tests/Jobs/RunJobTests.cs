using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Jobs;

public sealed class RunJobTests
{
    private const string Done = """{"status":true,"error":null,"caught":[],"timeMs":0}""";

    private static readonly byte[] s_noJson = "{"u8.ToArray();

    private readonly JobScript _script = new();

    [Fact]
    public async Task Current_ChecksTheFormFirst()
    {
        await using var disabled = await StartAsync(options =>
        {
            options.Generation = EventGeneration.Current;
            options.EnableRunJob = false;
        });

        (await disabled.RunAsync([])).ShouldBe((411,
            Error(
                """{"errorKey":"rest-request-body-expected","messageTranslations":{"en":"The request has no body."}}""",
                411,
                "Length Required")));
        foreach (var type in (string?[])["text/plain", "application/x-www-form-urlencoded", "a/b+json", null])
        {
            var (status, body) = await disabled.RunAsync(s_noJson, type);
            status.ShouldBe(415, type);
            body.ShouldContain("\"errorKey\":\"rest-unsupported-content-type\"");
        }

        var (badStatus, badBody) = await disabled.RunAsync(s_noJson, "Application/JSON; charset=utf-8");
        badStatus.ShouldBe(400);
        badBody.ShouldContain("\"errorKey\":\"rest-json-body-parse-error\"");
        (await disabled.RunAsync("7"u8.ToArray())).Status.ShouldBe(400);
        (await disabled.RunAsync("[]"u8.ToArray())).Status.ShouldBe(501);
    }

    [Fact]
    public async Task Current_ThenChecksTheWikiThenTheEvent()
    {
        var isReadOnly = true;
        await using var wiki = await StartAsync(options =>
        {
            options.Generation = EventGeneration.Current;
            options.RunJob.IsReadOnly = _ => isReadOnly;
        });

        (await wiki.RunAsync("{}"u8.ToArray())).ShouldBe(
            (423, """{"message":"Wiki is in read-only mode.","httpCode":423,"httpReason":"Locked"}"""));
        isReadOnly = false;
        (await wiki.RunAsync("""{"type":"x"}"""u8.ToArray())).ShouldBe((400,
            Error(
                """{"message":"Invalid event received","missing_params":["database","params"]}""",
                400,
                "Bad Request")));
        (await wiki.RunAsync(JobWiki.Job("known"))).ShouldBe((200, Done));
    }

    [Theory]
    [InlineData("""{"database":"x","type":["known"],"params":{}}""", "The type of a job is a text")]
    [InlineData("""{"database":"x","type":"known","params":"abc"}""", "The parameters of a job are an object")]
    [InlineData("""{"database":"x","type":"known","params":7}""", "The parameters of a job are an object")]
    public async Task MembersOfTheWrongKind_AreRefused(string jobEvent, string error)
    {
        await using var wiki = await StartAsync();

        (await wiki.RunAsync(JobWiki.Sign(jobEvent))).ShouldBe((400,
            Error($$"""{"message":"Failed creating job from description","error":"{{error}}"}""", 400, "Bad Request")));
    }

    [Fact]
    public async Task FormsOf139_AreRefused()
    {
        await using var wiki = await StartAsync();
        (await wiki.RunAsync(JobWiki.Job("known"), "application/x-www-form-urlencoded")).Status.ShouldBe(415);
    }

    [Fact]
    public async Task TextThatPhpCannotDecode_HasNoValidSignature()
    {
        await using var wiki = await StartAsync();
        string[] members =
        [
            "\"\\ud800\":1",
            "\"a\":\"\\ud800\"",
            "\"d\\ud800 and more\":1",
            "\"mediawiki_sig\\ud800 and more\":1",
        ];
        foreach (var member in members)
        {
            var body = $$"""{"database":"x","type":"known","params":{},"mediawiki_signature":"a",{{member}}}""";
            (await wiki.RunAsync(Encoding.UTF8.GetBytes(body))).Status.ShouldBe(403);
        }
    }

    [Fact]
    public async Task Parameters_ReachTheHandler()
    {
        await using var wiki = await StartAsync();

        await wiki.RunAsync(JobWiki.Job(
            "known", """{"b":"data:application/octet-stream;base64,/wA=","requestId":"r1"}"""));
        _script.Last!.Type.ShouldBe("known");
        _script.Last.RequestId.ShouldBe("r1");
        _script.Last.BinaryParameters["b"].ShouldBe([0xFF, 0x00]);
        _script.Last.Event.GetProperty("database").GetString().ShouldBe("testwiki");

        await wiki.RunAsync(JobWiki.Job("known", "[]"));
        _script.Last.Parameters.GetRawText().ShouldBe("{}");
        _script.Last.RequestId.ShouldBeNull();

        await wiki.RunAsync(JobWiki.Job("known", """["a","b"]"""));
        _script.Last.Parameters.GetRawText().ShouldBe("""{"0":"a","1":"b"}""");

        var deep = new string('[', 509) + new string(']', 509);
        await wiki.RunAsync(JobWiki.Job("known", $"[{deep}]"));
        _script.Last.Parameters.GetRawText().ShouldBe($$"""{"0":{{deep}}}""");
    }

    [Fact]
    public async Task Base64_HasItsEnd()
    {
        await using var wiki = await StartAsync();

        (await wiki.RunAsync(JobWiki.Job("known", """{"b":"data:application/octet-stream;base64,/w"}""")))
            .ShouldBe((500, Error(
                """{"message":"Parameter base64_decode() failed","param_name":"b","param_value":"/w"}""",
                500,
                "Internal Server Error")));
        (await wiki.RunAsync(JobWiki.Job("known", """{"b":"data:application/octet-stream;base64, /w\r\n== "}""")))
            .ShouldBe((200, Done));
        _script.Last!.BinaryParameters["b"].ShouldBe([0xFF]);
    }

    [Fact]
    public async Task RequestId_IsThatOfTheJob_AndEachJobHasItsScope()
    {
        var scopes = new List<(string RequestId, object Scoped)>();
        await using var wiki = await JobWiki.StartAsync(services =>
        {
            services.AddSingleton(scopes);
            services.AddScoped<object>();
            services.AddJobHandler<ScopeHandler>("known");
        });

        await wiki.RunAsync(JobWiki.Job("known", """{"requestId":"r1"}"""));
        await wiki.RunAsync(JobWiki.Job("known", """{"requestId":"r2"}"""));

        scopes.Select(scope => scope.RequestId).ShouldBe(["r1", "r2"]);
        scopes[0].Scoped.ShouldNotBeSameAs(scopes[1].Scoped);
    }

    [Fact]
    public async Task AnExceptionWithoutRetries_IsTold()
    {
        _script.Run = (_, _) => throw new InvalidDataException("no \"title\"");
        await using var wiki = await StartAsync();
        wiki.ExpectedError = "The handler for jobs of the type";

        (await wiki.RunAsync(JobWiki.Job("once"))).ShouldBe((200,
            """{"status":true,"error":"InvalidDataException: no \"title\"","caught":["InvalidDataException"]"""
            + ""","timeMs":0}"""));
        (await wiki.RunAsync(JobWiki.Job("known"))).ShouldBe((500,
            Error(
                """{"message":"Internal Server Error","error":"InvalidDataException: no \"title\""}""",
                500,
                "Internal Server Error")));
    }

    [Fact]
    public async Task Keys_AreReplacedOneAfterTheOther()
    {
        await using var wiki = await StartAsync(options => options.SecretKeys.Insert(0, "new"));

        (await wiki.RunAsync(JobWiki.Job("known", secretKey: "new"))).ShouldBe((200, Done));
        (await wiki.RunAsync(JobWiki.Job("known"))).ShouldBe((200, Done));
        (await wiki.RunAsync(JobWiki.Job("known", secretKey: "other"))).ShouldBe(
            (403, """{"message":"Invalid mediawiki signature","httpCode":403,"httpReason":"Forbidden"}"""));
    }

    [Fact]
    public async Task TooManyJobs_AreRefused_UntilOneEnds()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource<JobResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Run = (_, _) =>
        {
            started.TrySetResult();
            return end.Task;
        };
        await using var wiki = await StartAsync(options => options.RunJob.ConcurrencyMax = 1);
        var first = wiki.RunAsync(JobWiki.Job("known"));
        await started.Task.WaitAsync(TestTime.Token());

        using var second = await wiki.PostAsync(JobWiki.Job("known"));
        second.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await JobWiki.ReadAsync(second)).ShouldBe(
            """{"message":"Too many jobs are running.","httpCode":503,"httpReason":"Service Unavailable"}""");

        end.SetResult(JobResult.Succeeded);
        (await first).ShouldBe((200, Done));
        (await wiki.RunAsync(JobWiki.Job("known"))).ShouldBe((200, Done));
    }

    [Fact]
    public async Task ACallerThatGoes_CancelsItsJob()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Run = async (_, cancellation) =>
        {
            started.SetResult();
            await using var registration = cancellation.Register(cancelled.SetResult);
            await cancelled.Task;
            cancellation.ThrowIfCancellationRequested();
            return JobResult.Succeeded;
        };
        await using var wiki = await StartAsync(options => options.RunJob.ConcurrencyMax = 1);

        using var caller = new CancellationTokenSource();
        using var content = new ByteArrayContent(JobWiki.Job("known"));
        content.Headers.ContentType = new(JobWiki.JsonType);
        var call = wiki.Client.PostAsync(JobWiki.Path, content, caller.Token);
        await started.Task.WaitAsync(TestTime.Token());
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await cancelled.Task.WaitAsync(TestTime.Token());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALongBody_IsRefused(bool hasLength)
    {
        await using var wiki = await StartAsync(options => options.RunJob.JobBytesMax = 1 << 10);
        using HttpContent content = hasLength
            ? new ByteArrayContent(new byte[1025])
            : new PushedContent(new byte[1025]);
        content.Headers.ContentType = new(JobWiki.JsonType);

        using var answer = await wiki.Client.PostAsync(JobWiki.Path, content, TestTime.Token());

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await JobWiki.ReadAsync(answer)).ShouldBe(
            """{"message":"A job event has at most 1024 bytes.","httpCode":413,"httpReason":"Payload Too Large"}""");
    }

    [Fact]
    public async Task WrongSettings_StopTheStart()
    {
        var noKey = await Should.ThrowAsync<InvalidOperationException>(
            StartAsync(options => options.SecretKeys.Clear()));
        noKey.Message.ShouldContain("SecretKeys");

        var fault = await Should.ThrowAsync<OptionsValidationException>(StartAsync(options =>
        {
            options.RunJob.ConcurrencyMax = 0;
            options.RunJob.JobBytesMax = 1;
            Enumerable.Range(0, 8).ToList().ForEach(_ => options.SecretKeys.Add("key"));
        }));
        fault.Failures.ShouldContain("RunJob.ConcurrencyMax must be 1 to 1024; it is 0.");
        fault.Failures.ShouldContain("RunJob.JobBytesMax must be 1024 to 67108864; it is 1.");
        fault.Failures.ShouldContain("SecretKeys must have at most 8 keys.");
    }

    private static string Error(string members, int code, string reason) =>
        $"{members[..^1]},\"httpCode\":{code},\"httpReason\":\"{reason}\"}}";

    private Task<JobWiki> StartAsync(Action<ProducerOptions>? configure = null) =>
        JobWiki.StartAsync(
            services =>
            {
                services.AddSingleton(_script);
                services.AddJobHandler<JobScript.Handler>("known");
                services.AddJobHandler<JobScript.OneTryHandler>("once");
            },
            configure);

    private sealed class ScopeHandler(
        IWikiEventPublisher publisher, object scoped, List<(string, object)> scopes) : IJobHandler
    {
        public Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken)
        {
            scopes.Add((publisher.NewContext().RequestId, scoped));
            return Task.FromResult(JobResult.Succeeded);
        }
    }

    /// <summary>A body without a length in front.</summary>
    private sealed class PushedContent(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(body, TestTime.Token()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

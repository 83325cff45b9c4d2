using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Answers and stored events while the disk is slow, broken or full.</summary>
public sealed class TroubledDiskTests
{
    private const string Deadline = "300 ms";

    private readonly TroubledDisk _disk = new();

    [Fact]
    public async Task FlushBeyondTheDeadline_IsAnsweredUnknown_AndRepeatingIsSafe()
    {
        await using var server = await StartAsync(("Intake:Deadline", Deadline));
        _disk.HoldFlushes();
        var answer = await IntakePost.SendAsync(server, Event("a"));
        answer.Reason.ShouldBe("Outcome unknown; repeat with the same meta.id");
        ShouldBeRetriable(answer);
        _disk.ReleaseFlushes();
        (await IntakePost.SendAsync(server, Event("a"))).Status.ShouldBe(201);
        StoredRecords.Read(server).ShouldHaveSingleItem().Id.ShouldBe("a");
    }

    [Fact]
    public async Task RequestThatTheWriterNeverTook_IsWithdrawnAtTheDeadline_AndNeverStored()
    {
        await using var server = await StartAsync(("Intake:Deadline", Deadline));
        _disk.HoldFlushes();
        // The writer takes no request while it flushes the first one.
        (await IntakePost.SendAsync(server, Event("flushing"))).Status.ShouldBe(503);
        var answer = await IntakePost.SendAsync(server, Event("waiting"));
        answer.Reason.ShouldBe("Not stored in time; repeat later");
        ShouldBeRetriable(answer);
        _disk.ReleaseFlushes();
        (await IntakePost.SendAsync(server, Event("last"))).Status.ShouldBe(201);
        StoredRecords.Read(server).Select(record => record.Id).ShouldBe(["flushing", "last"]);
    }

    [Fact]
    public async Task ClientThatGivesUpBeforeTheDeadline_HasItsEventsStored()
    {
        await using var server = await StartAsync(("Intake:Deadline", "30 s"));
        _disk.HoldFlushes();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
        {
            await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(
                PostAsync(server, "one", patience.Token), PostAsync(server, "two", patience.Token)));
        }

        _disk.ReleaseFlushes();
        (await IntakePost.SendAsync(server, Event("last"))).Status.ShouldBe(201);
        StoredRecords.Read(server).Select(record => record.Id).ShouldBe(["one", "two", "last"], ignoreOrder: true);
    }

    [Fact]
    public async Task RequestLargerThanMayBeInFlight_IsAnswered413_AndNotStored()
    {
        const int BytesMax = 65_536;
        await using var server = await StartAsync(
            ("Intake:BodyBytesMax", $"{BytesMax}"), ("Intake:BytesInFlightMax", $"{BytesMax}"));
        // The memory of the body's tokens can never fit, so repeating would not help.
        var events = string.Join(',', Enumerable.Range(0, 600).Select(number => Event($"{number}")));
        var answer = await IntakePost.SendAsync(server, $"[{events}]");
        answer.Status.ShouldBe(413);
        StoredRecords.Read(server).ShouldBeEmpty();
    }

    [Fact]
    public async Task FullDisk_IsAnswered503_UntilThereIsSpace()
    {
        await using var server = await StartAsync();
        server.Errors.Expect("Disk space is low");
        _disk.IsFull = true;
        await UntilAsync(server, 503);
        server.Errors.Lines.Count(static line => line.Contains("Disk space is low")).ShouldBe(1);
        var stored = StoredRecords.End(server);
        ShouldBeRetriable(await IntakePost.SendAsync(server, Event("refused")));
        StoredRecords.End(server).ShouldBe(stored);
        _disk.IsFull = false;
        await UntilAsync(server, 201);
        StoredRecords.Read(server).ShouldNotContain(record => record.Id == "refused");
    }

    [Fact]
    public async Task FailingWrites_AreAnswered503_UntilTheyWork()
    {
        await using var server = await StartAsync();
        server.Errors.Expect("The log needs attention: Writing the log failed");
        (await IntakePost.SendAsync(server, Event("before"))).Status.ShouldBe(201);
        _disk.WritesFail = true;
        var answer = await IntakePost.SendAsync(server, Event("during"));
        answer.Reason.ShouldBe("Outcome unknown; repeat with the same meta.id");
        ShouldBeRetriable(answer);
        ShouldBeRetriable(await IntakePost.SendAsync(server, Event("during")));
        _disk.WritesFail = false;
        await UntilAsync(server, 201);
        StoredRecords.Read(server)[0].Id.ShouldBe("before");
    }

    private Task<RunningServer> StartAsync(params (string Key, string Value)[] options) =>
        RunningServer.StartAsync(services => services.AddSingleton<IFileSystem>(_disk), options);

    private static async Task PostAsync(RunningServer server, string id, CancellationToken cancellationToken)
    {
        using var content = new StringContent(Event(id), Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync("/v1/events", content, cancellationToken);
    }

    private static string Event(string id, int length = 5) =>
        $$$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"s","id":"{{{id}}}"},"test":"{{{new('x', length)}}}"}""";

    private static void ShouldBeRetriable(RawResponse answer)
    {
        answer.Status.ShouldBe(503);
        answer.Headers["Retry-After"].ShouldBe("1");
        SafeBody.Fault(answer.Body).ShouldBeNull();
    }

    // The log looks at its disk once a second, so this repeats the request until the answer is right.
    private static async Task UntilAsync(RunningServer server, int status)
    {
        var limit = TestTime.Token();
        while ((await IntakePost.SendAsync(server, Event($"{Guid.NewGuid()}"))).Status != status)
        {
            limit.ThrowIfCancellationRequested();
        }
    }
}

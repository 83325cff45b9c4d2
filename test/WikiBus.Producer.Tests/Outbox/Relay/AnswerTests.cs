using System.Text;
using Microsoft.Extensions.Logging;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Outbox.Relay;

/// <summary>What the relay does after each answer of a service that takes events of MediaWiki.</summary>
public sealed class AnswerTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind> Kinds => [OutboxDatabaseKind.Sqlite, OutboxDatabaseKind.PostgreSql];

    [Theory]
    [InlineData(202, false)]
    [InlineData(202, true)]
    [InlineData(201, false)]
    public async Task Hasty_CountsOnlyIfItIsAccepted(int status, bool acceptsHasty)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 1, 1);
        await using var run = await RelayRun.StartAsync(
            database,
            (number, _) => new StubAnswer(number == 0 ? status : 201),
            (options, _) =>
            {
                options.Outbox.AcceptHasty = acceptsHasty;
                options.Outbox.BatchBytesMax = 1;
            });

        await run.UntilPostedAsync(acceptsHasty || status == 201 ? 2 : 3);
        await run.Wiki.StopAsync();

        run.Ids().Select(ids => ids.Single()).ShouldBe(acceptsHasty || status == 201
            ? [events[0].Id, events[1].Id]
            : [events[0].Id, events[0].Id, events[1].Id]);
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task InvalidEvent_IsParked_AndTheRestGoesOn(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var events = await RelayRun.SeedAsync(database, 1, 3, 1);
        await using var run = await RelayRun.StartAsync(
            database, (_, _) => StubAnswer.Refusing(207, invalid: [TextOf(events[2])]));

        await run.UntilLoggedAsync("is parked");
        await run.Wiki.StopAsync();

        run.Ids().ShouldHaveSingleItem().ShouldBe(events.Select(item => item.Id));
        (await database.CountAsync("outbox")).ShouldBe(0);
        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        parked.Service.ShouldBe("eventbus");
        parked.Stream.ShouldBe("resource_change");
        parked.Message.ShouldBe("'.a' is wrong");
        parked.ParkedAt.ShouldBeInRange(run.Clock.Start, run.Clock.GetUtcNow());
        parked.RetryAt.ShouldBeNull();
        Encoding.UTF8.GetString(parked.Text.Span).ShouldBe(TextOf(events[2]));
        run.Lines(LogLevel.Error).ShouldBe(
            ["An event of resource_change is parked, because the service eventbus refused it; the reason is in "
                + "IOutboxAdministration.ListParkedAsync"]);
    }

    [Theory]
    [InlineData(400, OutboxDatabaseKind.Sqlite)]
    [InlineData(500, OutboxDatabaseKind.Sqlite)]
    [InlineData(400, OutboxDatabaseKind.PostgreSql)]
    public async Task RequestWhoseEventsAreAllRefused_IsParked_AndLaterRowsGoOn(int status, OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var events = await RelayRun.SeedAsync(database, 2, 1);
        await using var run = await RelayRun.StartAsync(
            database,
            (number, _) => number == 0
                ? StubAnswer.Refusing(status, [TextOf(events[0]), TextOf(events[1])])
                : new StubAnswer(201),
            (options, _) => options.Outbox.BatchBytesMax = events[0].Json.Length * 5 / 2);

        await run.UntilPostedAsync(2);
        await run.Wiki.StopAsync();

        run.Ids()[1].ShouldBe([events[2].Id]);
        (await database.CountAsync("outbox")).ShouldBe(0);
        (await database.CountAsync("outbox_parked")).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ErrorEvent_IsTriedForAnHour_ThenParked(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var events = await RelayRun.SeedAsync(database, 3, 1);
        var isKnown = false;
        await using var run = await RelayRun.StartAsync(
            database,
            (_, body) => !isKnown && body.Contains($"{events[1].Id}", StringComparison.Ordinal)
                ? StubAnswer.Refusing(RelayRun.IdsOf(body).Length == 1 ? 500 : 207, error: [TextOf(events[1])])
                : new StubAnswer(201));

        await run.UntilPostedAsync(2);
        (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem().RetryAt.ShouldNotBeNull();
        (await database.CountAsync("outbox")).ShouldBe(0);
        await run.UntilLoggedAsync("is parked", TimeSpan.FromSeconds(20));
        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        parked.RetryAt.ShouldBeNull();
        parked.Message.ShouldBe("no such schema");
        (run.Clock.GetUtcNow() - parked.ParkedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1));
        run.Bodies.Count.ShouldBeInRange(20, 62, "once a minute");
        run.Ids().Skip(1).ShouldAllBe(ids => ids.Single() == events[1].Id);
        run.Lines(LogLevel.Warning).Count(line => line.StartsWith(
            "Events of resource_change are an error for the service eventbus", StringComparison.Ordinal)).ShouldBe(1);

        isKnown = true;
        var count = run.Bodies.Count;
        (await run.Wiki.Administration.RetryParkedAsync(parked.Id, cancellationToken: TestTime.Token())).ShouldBeTrue();
        await run.UntilPostedAsync(count + 1);
        await run.Wiki.StopAsync();
        run.Bodies.Last().ShouldBe($"[{TextOf(events[1])}]");
        (await database.CountAsync("outbox")).ShouldBe(0);
        (await database.CountAsync("outbox_parked")).ShouldBe(0);
    }

    [Fact]
    public async Task ErrorEventThatIsAcceptedLater_IsGone()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 2);
        await using var run = await RelayRun.StartAsync(database, (number, _) => number switch
        {
            0 => StubAnswer.Refusing(207, error: [TextOf(events[0])]),
            1 => StubAnswer.Refusing(500, error: [TextOf(events[0])]),
            _ => new StubAnswer(201),
        });

        await run.UntilPostedAsync(3);
        await run.Wiki.StopAsync();

        (await database.CountAsync("outbox_parked")).ShouldBe(0);
        run.Lines(LogLevel.Error).ShouldBeEmpty();
    }

    public static TheoryData<int, string> UnknownLists => new()
    {
        { 207, "" },
        { 207, "nonsense" },
        { 207, "[]" },
        { 207, "5" },
        { 207, """{"invalid":[],"error":[]}""" },
        { 207, """{"invalid":5}""" },
        { 207, """{"invalid":[5]}""" },
        { 207, """{"invalid":[{"context":{}}]}""" },
        { 207, """{"error":[{"event":{},"context":{"message":"The body is no list"}}]}""" },
        { 400, """{"invalid":[{"event":{"meta":{"stream":"s","id":"7"}},"context":{}}]}""" },
        { 400, "FIRST" },
        { 500, "FIRST" },
        { 500, "" },
        { 200, "" },
        { 204, "" },
        { 206, "FIRST" },
        { 302, "" },
        { 415, "" },
        { 429, "" },
        { 501, "FIRST" },
        { 502, "" },
        { 503, "FIRST" },
        { 504, "" },
    };

    [Theory]
    [MemberData(nameof(UnknownLists))]
    public async Task AnswerThatDoesNotJudgeTheEvents_GetsTheSameBytesAgain(int status, string body)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 2);
        var answer = new StubAnswer(status, body == "FIRST"
            ? StubAnswer.Refusing(status, [TextOf(events[0])]).Body
            : body);
        await using var run = await RelayRun.StartAsync(
            database, (number, _) => number < 3 ? answer : new StubAnswer(201));

        await run.UntilPostedAsync(4);
        await run.Wiki.StopAsync();

        run.Bodies.Distinct(StringComparer.Ordinal).ShouldBe([$"[{TextOf(events[0])},{TextOf(events[1])}]"]);
        (await database.CountAsync("outbox")).ShouldBe(0);
        (await database.CountAsync("outbox_parked")).ShouldBe(0);
        run.Lines(LogLevel.Warning).ShouldHaveSingleItem().ShouldMatch(
            $"^The service eventbus at http://127.0.0.1:[0-9]+/v1/events does not take events: {status}: ");
        run.Lines(LogLevel.Error).ShouldBeEmpty();
    }

    [Fact]
    public async Task EventsWithOneId_AreParkedTogether()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var run = await RelayRun.StartAsync(
            database, (number, body) => number == 0
                ? StubAnswer.Refusing(207, [body[1..(body.IndexOf("},{", StringComparison.Ordinal) + 1)]])
                : new StubAnswer(201));

        await run.Wiki.PublishAsync(publisher =>
        {
            var context = publisher.NewContext();
            return
            [
                publisher.Events.NullEdit(context, new WikiPage { Id = 1, Title = "A" }),
                publisher.Events.NullEdit(context, new WikiPage { Id = 2, Title = "B" }),
                OutboxWiki.NewEvent(publisher, 3),
            ];
        });
        await run.UntilLoggedAsync("is parked");
        await run.Wiki.StopAsync();

        (await database.CountAsync("outbox")).ShouldBe(0);
        (await database.CountAsync("outbox_parked")).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task TextsThatADatabaseCannotStore_AreParked(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var id = Guid.CreateVersion7();
        var text = "{\"meta\":{\"stream\":\"a\\u0000b\",\"id\":\"" + id + "\"}}";
        var reason = new string('x', 1999) + "😀\0";
        await using var run = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(
            400, "{\"invalid\":[{\"event\":" + text + ",\"context\":{\"errorsText\":"
                + System.Text.Json.JsonSerializer.Serialize(reason) + "}}]}"));

        await run.Wiki.PublishAsync(_ => [new MediaWikiEvent(
            "a\0b", EventKinds.Event, id, Encoding.UTF8.GetBytes(text))]);
        await run.UntilLoggedAsync("is parked");

        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        parked.Stream.ShouldBe("a?b");
        parked.Message.ShouldStartWith("xxx");
        parked.Message.Length.ShouldBe(2000);
    }

    private static string TextOf(MediaWikiEvent item) => Encoding.UTF8.GetString(item.Json.Span);
}

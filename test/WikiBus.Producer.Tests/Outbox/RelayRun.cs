using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>A relay with time that the test moves, and a service whose answers the test writes.</summary>
internal sealed class RelayRun : IAsyncDisposable
{
    private readonly Func<int, string, StubAnswer> _answer;
    private int _count;

    private RelayRun(Func<int, string, StubAnswer> answer, TestClock clock)
    {
        _answer = answer;
        Clock = clock;
    }

    public TestClock Clock { get; }

    public OutboxWiki Wiki { get; private set; } = null!;

    public StubService Service { get; private set; } = null!;

    /// <summary>The bodies of the requests, in the order in which they came.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <param name="database">The database of the wiki.</param>
    /// <param name="answer">The answer to a request, from its number (from 0) and its body.</param>
    /// <param name="configure">Changes the settings, by the URL of the service.</param>
    /// <param name="services">Adds services.</param>
    /// <param name="clock">The time, if it is there already.</param>
    public static async Task<RelayRun> StartAsync(
        OutboxTestDatabase database,
        Func<int, string, StubAnswer> answer,
        Action<ProducerOptions, string>? configure = null,
        Action<IServiceCollection>? services = null,
        TestClock? clock = null)
    {
        var run = new RelayRun(answer, clock ?? new TestClock());
        run.Service = await StubService.StartAsync(run.AnswerAsync);
        run.Wiki = await OutboxWiki.StartAsync(
            database,
            run.Service.Url,
            options => configure?.Invoke(options, run.Service.Url),
            collection =>
            {
                collection.AddSingleton<TimeProvider>(run.Clock);
                services?.Invoke(collection);
            });
        return run;
    }

    /// <summary>Commits transactions while no relay runs, so that it finds all of them together.</summary>
    public static async Task<List<MediaWikiEvent>> SeedAsync(
        OutboxTestDatabase database, params IReadOnlyList<int> eventCounts)
    {
        var events = new List<MediaWikiEvent>();
        await using var wiki = await OutboxWiki.StartAsync(
            database, services: collection => collection.AddSingleton<TimeProvider>(new TestClock()));
        foreach (var count in eventCounts)
        {
            events.AddRange(await wiki.PublishAsync(publisher =>
                [.. Enumerable.Range(0, count).Select(_ => OutboxWiki.NewEvent(publisher, events.Count + 1))]));
        }

        return events;
    }

    /// <summary>Moves the time until there were so many requests.</summary>
    public Task UntilPostedAsync(int count) => Clock.UntilAsync(() => Bodies.Count >= count);

    /// <summary>Moves the time until a line was logged.</summary>
    public Task UntilLoggedAsync(string text, TimeSpan? step = null) => Clock.UntilAsync(
        () => Wiki.Logs.Lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal)), step);

    /// <summary>The lines of a level.</summary>
    public IEnumerable<string> Lines(LogLevel level) =>
        Wiki.Logs.Lines.Where(line => line.Level == level).Select(line => line.Text);

    /// <summary>The ids of the events of each request.</summary>
    public List<Guid[]> Ids() => [.. Bodies.Select(IdsOf)];

    /// <summary>The ids of the events of a body.</summary>
    public static Guid[] IdsOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.EnumerateArray()
            .Select(item => item.GetProperty("meta").GetProperty("id").GetGuid())];
    }

    public async ValueTask DisposeAsync()
    {
        await Wiki.DisposeAsync();
        await Service.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = ((ReceivedPost)context.Items[nameof(ReceivedPost)]!).Body;
        var answer = _answer(_count++, body);
        Bodies.Enqueue(body);
        await answer.WriteAsync(context);
    }
}

using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Server.Dream.Authorization;
using WikiBus.Server.Dream.Settings;

namespace WikiBus.Server.Tests.Dream.Authorization;

public sealed class PageRightsTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AnswerThatEndsWhileItIsUsed_IsNoRefusal()
    {
        await using var wiki = await StartWikiAsync();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var clock = new LateClock();
        using var calls = new DekiCalls(
            services.GetRequiredService<IMeterFactory>(), clock, new LineLogger<DekiCalls>());
        using var api = new DekiApi(new DekiOptions { ApiUri = wiki.Urls.First(), ApiKey = "k" }, calls, clock);
        var rights = new PageRights(api, clock);
        (await FindAsync(rights)).ShouldBe([1u]);
        for (var looks = 1; looks <= 3; looks++)
        {
            clock.JumpAfter(looks);
            (await FindAsync(rights)).ShouldBe([1u]);
        }
    }

    /// <summary>The answers of the first calls end before the last call does.</summary>
    [Fact]
    public async Task MoreUsersThanOneCallTakes_AreAskedForOnce_HoweverSlowTheCallsAre()
    {
        var calls = 0;
        var clock = new SlowClock();
        await using var wiki = await StartWikiAsync(() =>
        {
            calls++;
            clock.Jump(TimeSpan.FromSeconds(20));
        });
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var deki = new DekiCalls(
            services.GetRequiredService<IMeterFactory>(), clock, new LineLogger<DekiCalls>());
        using var api = new DekiApi(new DekiOptions { ApiUri = wiki.Urls.First(), ApiKey = "k" }, deki, clock);
        var users = Enumerable.Range(1, 3 * PageRights.UsersMax).Select(static user => (uint)user).ToList();
        var answer = await new PageRights(api, clock).FindAllowedAsync(
            "default", "10", users, static () => [], TestContext.Current.CancellationToken).WaitAsync(s_limit);
        answer.Value.ShouldBe([1u]);
        calls.ShouldBe(3);
    }

    private static async Task<IReadOnlySet<uint>> FindAsync(PageRights rights)
    {
        var answer = await rights.FindAllowedAsync(
            "default", "10", [1, 2], static () => [], TestContext.Current.CancellationToken).WaitAsync(s_limit);
        answer.Fault.ShouldBeNull();
        return answer.Value!;
    }

    private static async Task<WebApplication> StartWikiAsync(Action? onCall = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(context =>
        {
            onCall?.Invoke();
            return context.Response.WriteAsync("<users><user id=\"1\" /></users>");
        });
        await application.StartAsync(TestContext.Current.CancellationToken).WaitAsync(s_limit);
        return application;
    }

    /// <summary>A clock that jumps by the age of answers after some looks at it.</summary>
    private sealed class LateClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        private int _looks = -1;

        public void JumpAfter(int looks) => _looks = looks;

        public override DateTimeOffset GetUtcNow()
        {
            if (_looks-- == 0)
            {
                _now += AnswerCache<string, string>.AgeMax;
            }

            return _now;
        }
    }

    /// <summary>A clock that only the test moves. Timers follow the true time.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _ticks = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).Ticks;

        public void Jump(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
    }
}

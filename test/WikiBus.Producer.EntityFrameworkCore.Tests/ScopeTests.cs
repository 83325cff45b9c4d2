using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>Contexts and the scopes that they belong to.</summary>
public sealed class ScopeTests(OutboxDatabases databases)
{
    [Fact]
    public async Task CommittedEvent_IsPostedAtOnce()
    {
        await using var service = await StubService.StartAsync();
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await EfWiki.StartAsync(database, url: service.Url);
        var signal = wiki.Services.GetRequiredService<Outbox.OutboxSignal>();
        await wiki.InScopeAsync(async scope =>
        {
            var id = scope.Add(1);
            var next = signal.Next;
            next.IsCompleted.ShouldBeFalse();
            await scope.SaveAsync();
            next.IsCompleted.ShouldBeTrue();
            (await service.NextAsync()).Body.ShouldContain(id.ToString());
        });
    }

    [Fact]
    public async Task NeverSaved_Error()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(scope =>
        {
            scope.Add(1);
            scope.Publish();
            return Task.CompletedTask;
        });
        wiki.Losses().ShouldBe("1 2");
    }

    [Fact]
    public async Task PublishedAfterTheLastCommit_Error()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(async scope =>
        {
            scope.Add(1);
            await scope.SaveAsync();
            scope.Publish();
        });
        wiki.Losses().ShouldBe("1 1");
    }

    [Fact]
    public async Task JobOfAContext_IsSavedByItsCommit()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await EfWiki.StartAsync(
            database, configure: options => options.SecretKeys.Add("secret"));
        await wiki.InScopeAsync(async scope =>
        {
            await scope.Services.GetRequiredService<IJobQueue>().PushAsync(
                new WikiJob { Type = "refreshLinks", Parameters = JsonElement.Parse("""{"n":1}""") }, TestTime.Token());
            (await wiki.RowsAsync()).ShouldBeEmpty();
            await scope.SaveAsync();
            (await wiki.RowsAsync()).Count.ShouldBe(1);
        });
        wiki.Losses().ShouldBe("0 0");
    }

    [Fact]
    public async Task SecondContext_DoesNotTakeEventsOfAnOpenTransaction()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(async scope =>
        {
            await using var second = ActivatorUtilities.CreateInstance<WikiContext>(scope.Services);
            await using var transaction = await scope.BeginAsync();
            var id = scope.Publish();
            second.Pages.Add(new Page { Id = 1 });
            await second.SaveChangesAsync(TestTime.Token());
            (await wiki.PagesAsync()).ShouldBe([1]);
            (await wiki.RowsAsync()).ShouldBeEmpty();
            await scope.CommitAsync();
            (await wiki.RowsAsync()).ShouldBe([[id]]);
        });
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [InlineData("AddDbContextPool")]
    [InlineData("AddPooledDbContextFactory")]
    [InlineData("AddDbContextFactory")]
    [InlineData("AddDbContext with options for all scopes")]
    public async Task ContextsWithoutScope_AreRefused(string way)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var builder = EfWiki.NewBuilder(database);
        _ = way switch
        {
            "AddDbContextPool" => builder.Services.AddDbContextPool<WikiContext>(Configure),
            "AddPooledDbContextFactory" => builder.Services.AddPooledDbContextFactory<WikiContext>(Configure),
            "AddDbContextFactory" => builder.Services.AddDbContextFactory<WikiContext>(Configure),
            _ => builder.Services.AddDbContext<WikiContext>(
                Configure, ServiceLifetime.Scoped, ServiceLifetime.Singleton),
        };
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        var exception = Should.Throw<InvalidOperationException>(() =>
            scope.ServiceProvider.GetService<WikiContext>()
            ?? scope.ServiceProvider.GetRequiredService<IDbContextFactory<WikiContext>>().CreateDbContext());
        exception.Message.ShouldContain("AddDbContextPool");

        void Configure(IServiceProvider services, DbContextOptionsBuilder options) =>
            EfWiki.UseDatabase(options, database).UseWikiBusOutbox(services);
    }

    [Fact]
    public async Task FactoryOfAScope_WorksAsContextOfTheScope()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await EfWiki.StartAsync(database);
        var builder = EfWiki.NewBuilder(database);
        builder.Services.AddDbContextFactory<WikiContext>(
            (services, options) => EfWiki.UseDatabase(options, database).UseWikiBusOutbox(services),
            ServiceLifetime.Scoped);
        using var host = builder.Build();
        await using (var services = host.Services.CreateAsyncScope())
        {
            var factory = services.ServiceProvider.GetRequiredService<IDbContextFactory<WikiContext>>();
            var scope = new EfScope(services.ServiceProvider, isAsync: true);
            await using var context = await factory.CreateDbContextAsync(TestTime.Token());
            var id = scope.Publish();
            context.Pages.Add(new Page { Id = 1 });
            await context.SaveChangesAsync(TestTime.Token());
            (await wiki.RowsAsync()).ShouldBe([[id]]);
        }
    }

    [Fact]
    public async Task WithoutOutbox_Refused()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        Should.Throw<InvalidOperationException>(() => new DbContextOptionsBuilder().UseWikiBusOutbox(services))
            .Message.ShouldContain("AddWikiBusOutbox");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>The tables of the outbox in migrations of the wiki.</summary>
public sealed class MigrationTests(OutboxDatabases databases)
{
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task Migration_MakesTheTablesOnce(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        using var host = Build(database);
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<MigratedContext>();
        await context.Database.MigrateAsync(TestTime.Token());
        (await database.CountAsync("outbox")).ShouldBe(0);

        // The wiki starts with them, although it may not make them.
        await host.StartAsync(TestTime.Token());
        await host.Services.GetRequiredService<IOutboxAdministration>().CreateTablesAsync(TestTime.Token());
        await host.StopAsync(TestTime.Token());
        (await database.CountAsync("outbox_state")).ShouldBe(1);
    }

    [Fact]
    public async Task IdempotentScript_MakesTheTables()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        using var host = Build(database);
        await using var scope = host.Services.CreateAsyncScope();
        var script = scope.ServiceProvider.GetRequiredService<MigratedContext>().GetService<IMigrator>()
            .GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
        await database.ExecuteAsync(script);
        await database.ExecuteAsync(script);
        (await database.CountAsync("outbox_state")).ShouldBe(1);
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task ScriptThatIsRolledBack_LeavesNoTables(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        using var host = Build(database);
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<MigratedContext>();
        var script = host.Services.GetRequiredService<IOutboxAdministration>().Script;
        await using (await context.Database.BeginTransactionAsync(TestTime.Token()))
        {
            await context.Database.ExecuteSqlRawAsync(script, TestTime.Token());
        }

        await Should.ThrowAsync<System.Data.Common.DbException>(() => database.CountAsync("outbox"));
    }

    [Fact]
    public void OtherDatabase_Refused() =>
        Should.Throw<NotSupportedException>(() => new MigrationBuilder("Other").CreateWikiBusOutbox())
            .Message.ShouldContain("Other");

    private static IHost Build(OutboxTestDatabase database)
    {
        var builder = EfWiki.NewBuilder(database, configure: options => options.Outbox.CreatesTables = false);
        builder.Services.AddDbContext<MigratedContext>((services, options) =>
            EfWiki.UseDatabase(options, database).UseWikiBusOutbox(services));
        return builder.Build();
    }
}

using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using WikiBus.Producer;
using WikiBus.Producer.Outbox.Databases;

namespace Microsoft.EntityFrameworkCore.Migrations;

/// <summary>The tables of the outbox in migrations.</summary>
public static class OutboxMigrationBuilderExtensions
{
    /// <summary>Makes the tables of the outbox, if they are missing.</summary>
    /// <param name="builder">The builder of the migration.</param>
    /// <exception cref="NotSupportedException">The outbox does not know the database.</exception>
    public static OperationBuilder<SqlOperation> CreateWikiBusOutbox(this MigrationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Sql(SqlDialect.Of(builder.ActiveProvider switch
        {
            "Npgsql.EntityFrameworkCore.PostgreSQL" => OutboxDatabaseKind.PostgreSql,
            "Microsoft.EntityFrameworkCore.Sqlite" => OutboxDatabaseKind.Sqlite,
            var other => throw new NotSupportedException(
                $"The outbox works with PostgreSQL and SQLite, and does not know {other ?? "the database"}."),
        }).Script);
    }
}

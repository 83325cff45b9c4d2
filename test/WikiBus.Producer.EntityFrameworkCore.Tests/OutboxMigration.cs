using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>The migration.</summary>
[DbContext(typeof(MigratedContext))]
[Migration("20260101000000_Outbox")]
internal sealed class OutboxMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateWikiBusOutbox();
}

using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>With PostgreSQL.</summary>
public sealed class PostgreSqlOutboxCrashTests() : OutboxCrashTests(OutboxDatabaseKind.PostgreSql);

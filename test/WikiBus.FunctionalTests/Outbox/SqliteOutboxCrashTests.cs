using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>With SQLite.</summary>
public sealed class SqliteOutboxCrashTests() : OutboxCrashTests(OutboxDatabaseKind.Sqlite);

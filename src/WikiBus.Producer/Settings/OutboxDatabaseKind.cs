namespace WikiBus.Producer;

/// <summary>The databases that can have an outbox.</summary>
public enum OutboxDatabaseKind
{
    /// <summary>PostgreSQL 12 or later, with Npgsql.</summary>
    PostgreSql,

    /// <summary>SQLite 3.38 or later, with Microsoft.Data.Sqlite.</summary>
    Sqlite,
}

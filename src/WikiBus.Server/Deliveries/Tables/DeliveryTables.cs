using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Tables;

/// <summary>The tables of deliveries in the state database. Times are Unix ms.</summary>
internal static class DeliveryTables
{
    public static readonly StateSchema Schema = new("deliveries",
    [
        """
        CREATE TABLE delivery_subscriptions (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          feature TEXT NOT NULL,
          owner TEXT NOT NULL,
          definition TEXT NOT NULL,
          version INTEGER NOT NULL,
          state INTEGER NOT NULL,
          start_position INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          down_since INTEGER,
          expired_count INTEGER NOT NULL DEFAULT 0,
          error_at INTEGER,
          error_record TEXT,
          error_status INTEGER,
          error_message TEXT);

        -- The cursor of each lane; end_position is null for the live lane.
        CREATE TABLE delivery_lanes (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          subscription INTEGER NOT NULL REFERENCES delivery_subscriptions (number) ON DELETE CASCADE,
          log TEXT NOT NULL,
          position INTEGER NOT NULL,
          time_ms INTEGER NOT NULL,
          start_position INTEGER NOT NULL,
          end_position INTEGER);
        CREATE INDEX delivery_lanes_of ON delivery_lanes (subscription);

        -- Ranges of positions that a subscription never gets; end_position is null if it is unknown.
        CREATE TABLE delivery_ranges (
          number INTEGER PRIMARY KEY,
          subscription INTEGER NOT NULL REFERENCES delivery_subscriptions (number) ON DELETE CASCADE,
          log TEXT NOT NULL,
          from_position INTEGER NOT NULL,
          end_position INTEGER,
          reason TEXT NOT NULL,
          at INTEGER NOT NULL);
        CREATE INDEX delivery_ranges_of ON delivery_ranges (subscription);

        -- Deliveries that wait for their next try, and dead ones. next_at is null while others of the line are first.
        CREATE TABLE delivery_waiting (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          lane INTEGER NOT NULL REFERENCES delivery_lanes (number) ON DELETE CASCADE,
          line INTEGER NOT NULL,
          position INTEGER NOT NULL,
          time_ms INTEGER NOT NULL,
          stream TEXT NOT NULL,
          stream_offset INTEGER NOT NULL,
          key_hash INTEGER NOT NULL,
          bytes INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          tries INTEGER NOT NULL,
          next_at INTEGER,
          dead_at INTEGER,
          last_at INTEGER,
          last_status INTEGER,
          last_message TEXT);
        CREATE INDEX delivery_waiting_due ON delivery_waiting (lane, next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX delivery_waiting_lines ON delivery_waiting (lane, line, position, bytes) WHERE dead_at IS NULL;
        CREATE INDEX delivery_waiting_dead ON delivery_waiting (lane, dead_at, bytes) WHERE dead_at IS NOT NULL;
        CREATE INDEX delivery_waiting_positions ON delivery_waiting (lane, position);
        CREATE TABLE delivery_records (
          number INTEGER PRIMARY KEY REFERENCES delivery_waiting (number) ON DELETE CASCADE,
          content_type TEXT NOT NULL,
          id BLOB NOT NULL,
          channel BLOB NOT NULL,
          wiki BLOB NOT NULL,
          payload BLOB NOT NULL);

        -- One row for each try.
        CREATE TABLE delivery_history (
          number INTEGER PRIMARY KEY,
          subscription INTEGER NOT NULL,
          lane INTEGER NOT NULL,
          position INTEGER NOT NULL,
          time_ms INTEGER NOT NULL,
          stream TEXT NOT NULL,
          stream_offset INTEGER NOT NULL,
          try INTEGER NOT NULL,
          verdict INTEGER NOT NULL,
          status INTEGER,
          message TEXT,
          at INTEGER NOT NULL,
          duration_ms INTEGER NOT NULL);
        CREATE INDEX delivery_history_positions ON delivery_history (subscription, position);

        -- For a record that the log does not have any more: the same offset in another stream is rare.
        CREATE INDEX delivery_history_offsets ON delivery_history (subscription, stream_offset);

        -- The newest rows of a subscription: SQLite adds the number.
        CREATE INDEX delivery_history_of ON delivery_history (subscription);
        """,
        "ALTER TABLE delivery_records ADD COLUMN attributes BLOB NOT NULL DEFAULT x''",
    ]);
}

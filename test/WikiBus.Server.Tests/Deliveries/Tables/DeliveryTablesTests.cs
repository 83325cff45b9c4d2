using Microsoft.Data.Sqlite;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries.Tables;

public sealed class DeliveryTablesTests
{
    [Fact]
    public void WaitingRowsOfTheFirstVersion_AreReadAfterTheUpgrade()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.Execute(DeliveryTables.Schema.Steps[0]);
        connection.Execute(
            """
            INSERT INTO delivery_subscriptions (number, id, feature, owner, definition, version, state, start_position,
              created_at) VALUES (1, 's', 'webhooks', 'k', '{}', 1, 0, 0, 0);
            INSERT INTO delivery_lanes (number, subscription, log, position, time_ms, start_position)
              VALUES (2, 1, 'log', 5, 6, 0);
            INSERT INTO delivery_waiting (number, lane, line, position, time_ms, stream, stream_offset, key_hash, bytes,
              attempts, tries, next_at) VALUES (3, 2, 0, 7, 8, 'a', 9, 0, 10, 1, 2, 11);
            INSERT INTO delivery_records (number, content_type, id, channel, wiki, payload)
              VALUES (3, 'text/plain', x'31', x'32', x'33', x'34');
            """);
        foreach (var step in DeliveryTables.Schema.Steps.Skip(1))
        {
            connection.Execute(step);
        }

        var row = WaitingTable.Load(connection, lane: 2, DateTimeOffset.FromUnixTimeMilliseconds(11), 10)
            .Rows.ShouldHaveSingleItem();
        row.Record.Payload.ShouldBe("4"u8.ToArray());
        row.Record.Wiki.ShouldBe("3"u8.ToArray());
        row.Record.Attributes.ShouldBeEmpty();
        row.Tries.ShouldBe(2);
    }
}

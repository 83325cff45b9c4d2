using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>Reads what a server has stored, straight from its log.</summary>
internal static class StoredRecords
{
    /// <summary>Copies of the records from a position on.</summary>
    public static List<StoredRecord> Read(RunningServer server, long position = 0)
    {
        var records = new List<StoredRecord>();
        using var reader = server.Services.GetRequiredService<EventLog>().OpenReader(position);
        using var batch = new RecordBatch();
        while (reader.Read(batch))
        {
            records.AddRange(batch.Records.Select(Copy));
        }

        return records;
    }

    /// <summary>The position of the next record.</summary>
    public static long End(RunningServer server) => server.Services.GetRequiredService<EventLog>().EndPosition;

    /// <summary>Waits until the log ends at this position or beyond.</summary>
    public static async Task WaitAsync(RunningServer server, long end) =>
        await server.Services.GetRequiredService<EventLog>().WaitAsync(end - 1, TestTime.Token());

    private static StoredRecord Copy(LogRecord record)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new AttributeReader(record.Attributes.Span);
        while (reader.Next())
        {
            attributes[Encoding.UTF8.GetString(reader.Name)] = Encoding.UTF8.GetString(reader.Value);
        }

        return new StoredRecord(
            record.Stream, record.Offset, Text(record.Payload), Text(record.Id), Text(record.Channel),
            record.MetaEnd, attributes);
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}

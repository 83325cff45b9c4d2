using System.Text;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>The content of a restarted server's log, read from a copy of its files while nobody writes.</summary>
internal static class CrashedLog
{
    private const string Stream = "test.event";

    /// <summary>The ids of all events of the writers, in the log's order.</summary>
    public static Task<List<string>> ReadIdsAsync(string logDirectory)
    {
        var count = 0L;
        return ReadAsync(logDirectory, new ReadFilter { Streams = new HashSet<string> { Stream } }, record =>
        {
            record.Offset.ShouldBe(count++, "the stream's offsets have a gap");
            return Encoding.ASCII.GetString(record.Id.Span);
        });
    }

    /// <summary>All events, in the log's order.</summary>
    public static Task<List<(string Stream, string Payload)>> ReadPayloadsAsync(string logDirectory) => ReadAsync(
        logDirectory, filter: null, record => (record.Stream, Encoding.UTF8.GetString(record.Payload.Span)));

    private static async Task<List<T>> ReadAsync<T>(
        string logDirectory, ReadFilter? filter, Func<LogRecord, T> read)
    {
        using var copy = new TestDirectory();
        foreach (var file in Directory.EnumerateFiles(logDirectory).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, copy.Combine(Path.GetFileName(file)));
        }

        await using var log = EventLog.Open(
            copy.FullPath, new EventLogOptions(), new PhysicalFileSystem(), TimeProvider.System);
        using var reader = log.OpenReader(0, filter);
        using var batch = new RecordBatch();
        var items = new List<T>();
        while (reader.Read(batch))
        {
            foreach (var record in batch.Records)
            {
                items.Add(read(record));
            }
        }

        return items;
    }
}

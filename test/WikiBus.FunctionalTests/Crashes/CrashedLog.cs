using System.Text;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>The content of a restarted server's log, read from a copy of its files while nobody writes.</summary>
internal static class CrashedLog
{
    private const string Stream = "test.event";

    /// <summary>The ids of all events of the writers, in the log's order.</summary>
    public static async Task<List<string>> ReadIdsAsync(string logDirectory)
    {
        using var copy = new TestDirectory();
        foreach (var file in Directory.EnumerateFiles(logDirectory).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, copy.Combine(Path.GetFileName(file)));
        }

        await using var log = EventLog.Open(
            copy.FullPath, new EventLogOptions(), new PhysicalFileSystem(), TimeProvider.System);
        using var reader = log.OpenReader(0, new ReadFilter { Streams = new HashSet<string> { Stream } });
        using var batch = new RecordBatch();
        var ids = new List<string>();
        while (reader.Read(batch))
        {
            foreach (var record in batch.Records)
            {
                record.Offset.ShouldBe(ids.Count, "the stream's offsets have a gap");
                ids.Add(Encoding.ASCII.GetString(record.Id.Span));
            }
        }

        return ids;
    }
}

using System.Text;
using System.Text.Json;

namespace WikiBus.Storage.Tests.Logs;

public sealed class IndependentReaderTests
{
    [Fact]
    public async Task ReaderWrittenFromTheFormatPage_ReadsTheSameRecords()
    {
        var tool = IndependentReader.Require("read-log.py");
        var directory = Directory.CreateTempSubdirectory("wikibus-log-").FullName;
        try
        {
            var expected = await WriteAsync(directory);
            (await IndependentReader.RunAsync(tool, directory)).Select(Describe).ShouldBe(expected);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<List<string>> WriteAsync(string directory)
    {
        var options = new EventLogOptions { SegmentBytesMax = 8192, FreeBytesMin = 0 };
        await using var log = EventLog.Open(directory, options, new PhysicalFileSystem(), TimeProvider.System);
        for (var index = 0; index < 40; index++)
        {
            var drafts = Enumerable.Range(0, 1 + (index % 3))
                .Select(part => LogBed.Draft($"s{index % 4}", new string('ä', index * 5) + part, $"id-{index}-{part}"))
                .ToArray();
            var result = await log.Append(drafts).Completion.WaitAsync(LogBed.Patience);
            result.Status.ShouldBe(AppendStatus.Stored);
        }

        var lines = new List<string>();
        using var reader = log.OpenReader(0);
        using var batch = new RecordBatch();
        while (reader.Read(batch))
        {
            lines.AddRange(batch.Records.Select(record => string.Join(
                ' ', record.Position, record.Stream, record.Offset, record.TimeMs,
                record.MetaEnd, Text(record.Key), Text(record.Channel), Text(record.ContentType),
                Text(record.Id), Convert.ToHexStringLower(record.Payload.Span))));
        }

        return lines;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Describe(string line)
    {
        using var json = JsonDocument.Parse(line);
        var names = new[]
        {
            "position", "stream", "offset", "timeMs", "metaEnd", "key", "channel", "contentType", "id", "payload",
        };
        return string.Join(' ', names.Select(name => json.RootElement.GetProperty(name).ToString()));
    }
}

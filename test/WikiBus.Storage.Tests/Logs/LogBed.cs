using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>A log on a simulated disk under a fake clock, with short words for what tests do to it.</summary>
internal sealed class LogBed : IAsyncDisposable
{
    public const string Directory = "/data/log";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<(string Text, TaskCompletionSource Source)> _awaited = [];

    public LogBed() => Log = null!;

    public SimulatedDisk Disk { get; set; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public List<LogNotice> Notices { get; } = [];

    public EventLogOptions Options { get; set; } = new() { FreeBytesMin = 0 };

    public EventLog Log { get; private set; }

    public static LogBed Start(Func<EventLogOptions, EventLogOptions>? change = null)
    {
        var bed = new LogBed();
        bed.Options = (change ?? (options => options))(bed.Options) with { OnNotice = bed.Take };
        bed.Open();
        return bed;
    }

    public void Open() => Open(Time);

    /// <param name="clock">Shows another time than <see cref="Time"/>.</param>
    public void Open(TimeProvider clock) => Log = EventLog.Open(Directory, Options, Disk, clock);

    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    public async Task CloseAsync() => await Log.DisposeAsync().AsTask().WaitAsync(Patience);

    public static RecordDraft Draft(string stream, string payload, string id = "", IdentityRule? rule = null) => new()
    {
        Stream = stream,
        Payload = Encoding.UTF8.GetBytes(payload),
        Id = Encoding.UTF8.GetBytes(id),
        Key = "key"u8.ToArray(),
        Channel = "event://wiki/pages"u8.ToArray(),
        ContentType = "application/json"u8.ToArray(),
        MetaEnd = 7,
        Identity = new RecordIdentity(
            rule ?? (id.Length == 0 ? IdentityRule.AlwaysNew : IdentityRule.IdAndContent),
            (uint)payload.GetHashCode(StringComparison.Ordinal),
            0),
    };

    public async Task<AppendResult> AppendAsync(params RecordDraft[] drafts) =>
        await Log.Append(drafts).Completion.WaitAsync(Patience);

    public async Task<long> AppendAsync(string stream, string payload, string id = "")
    {
        var result = await AppendAsync(Draft(stream, payload, id));
        result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
        return result.Records[0].Position;
    }

    /// <summary>Tries a request once a second, by the log's clock, until it is not refused any more.</summary>
    public async Task<AppendResult> AppendUntilTakenAsync(RecordDraft draft)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var result = await AppendAsync(draft);
            Time.Advance(TimeSpan.FromSeconds(1));
            if (result.Status != AppendStatus.Refused)
            {
                return result;
            }
        }
    }

    /// <summary>Repeats a request until it is refused; returns why.</summary>
    public async Task<string> AppendUntilRefusedAsync(RecordDraft draft)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await AppendAsync(draft) is { Status: AppendStatus.Refused } refused)
            {
                return refused.Reason!;
            }
        }
    }

    public List<string> ReadAll(ReadFilter? filter = null, long position = 0, int bytesMax = 256 * 1024)
    {
        var found = new List<string>();
        using var reader = Log.OpenReader(position, filter);
        using var batch = new RecordBatch();
        while (reader.Read(batch, bytesMax))
        {
            found.AddRange(batch.Records.Select(record =>
                $"{record.Position} {record.Stream}@{record.Offset} {Encoding.UTF8.GetString(record.Payload.Span)}"));
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (Log is not null)
        {
            await CloseAsync();
        }
    }

    public void Take(LogNotice notice)
    {
        lock (Notices)
        {
            Notices.Add(notice);
            foreach (var (_, source) in _awaited.Where(wait => Tells(notice, wait.Text)))
            {
                source.TrySetResult();
            }
        }
    }

    /// <summary>Ends when a file of the log is there.</summary>
    public async Task FileAsync(string path)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!Disk.FileExists(path))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Completes once the log has sent a notice with this text.</summary>
    public Task NoticeAsync(string text)
    {
        lock (Notices)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, source));
            if (Notices.Any(notice => Tells(notice, text)))
            {
                source.SetResult();
            }

            return source.Task.WaitAsync(Patience);
        }
    }

    /// <summary>Paths of the segments, in order.</summary>
    public List<string> Segments() => [.. Disk.ListFiles(Directory)
        .Where(name => name.EndsWith(".segment", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(name => $"{Directory}/{name}")];

    private static bool Tells(LogNotice notice, string text) => notice.Message.Contains(text, StringComparison.Ordinal);
}

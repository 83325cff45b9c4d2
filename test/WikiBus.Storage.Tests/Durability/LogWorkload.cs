using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// Several writers on an event log whose power goes again and again. Every round opens what the last power loss left,
/// checks it against the ledger, repeats what was left unknown, and writes on until the power goes once more.
/// </summary>
internal sealed class LogWorkload(int seed, string? ignoredFlush = null)
{
    private const int RoundCount = 4;
    private const int WriterCount = 3;
    private const int RequestsPerRound = 12;
    private const int CallsPerRoundMax = 120;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(seed);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly LogLedger _ledger = new();
    private readonly HashSet<string> _flushSites = new(StringComparer.Ordinal);
    private SimulatedDisk _disk = new();

    public static EventLogOptions Options { get; } = new()
    {
        SegmentBytesMax = 64 * 1024,
        RetentionBytesMax = 256 * 1024,
        FreeBytesMin = 0,
    };

    /// <summary>Every place that flushed during the run.</summary>
    public IReadOnlySet<string> FlushSites => _flushSites;

    /// <summary>Throws what went wrong: a <see cref="DurabilityFault"/>, or the log's own refusal.</summary>
    public async Task RunAsync()
    {
        _disk.CreateDirectory("/data");
        _disk.FlushDirectory("/");
        for (var round = 0; round < RoundCount; round++)
        {
            _disk.IgnoredFlush = ignoredFlush;
            _disk.PowerCutCall = _random.Next(1, CallsPerRoundMax);
            await UntilPowerIsOffAsync();
            _flushSites.UnionWith(_disk.FlushSites);
            _disk.CutPower();
            _disk = _disk.Crash(_random);
        }

        await CheckAndCloseAsync();
        await CheckAndCloseAsync();
    }

    private async Task UntilPowerIsOffAsync()
    {
        EventLog? log = null;
        try
        {
            log = EventLog.Open("/data/log", Options, _disk, _time);
            _ledger.Check(log);
            var writerSeed = _random.Next();
            await Task.WhenAll(Enumerable.Range(0, WriterCount).Select(writer => WriteAsync(log, writer, writerSeed)))
                .WaitAsync(WaitMax);
        }
        catch (IOException) when (_disk.PowerIsOff)
        {
        }

        await CloseAsync(log);
    }

    private async Task WriteAsync(EventLog log, int writer, int writerSeed)
    {
        var random = new Random(writerSeed + writer);
        var earlier = _ledger.Requests.Where(request => request.Writer == writer).ToList();
        var repeats = earlier.TakeLast(2).Where(request => request.MustBeThere != false || request == earlier[^1]);
        foreach (var request in repeats)
        {
            if (!await SendAsync(log, request))
            {
                return;
            }
        }

        for (var i = 0; i < RequestsPerRound; i++)
        {
            var request = NewRequest(random, writer, earlier.Count + i);
            _ledger.Sent(request);
            if (!await SendAsync(log, request))
            {
                return;
            }

            _time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
        }
    }

    private static async Task<bool> SendAsync(EventLog log, SentRequest request)
    {
        request.Sending();
        var answer = await log.Append(request.Drafts).Completion.AsTask().WaitAsync(WaitMax);
        request.Answered(answer);
        return answer.Status == AppendStatus.Stored;
    }

    private static SentRequest NewRequest(Random random, int writer, int number) =>
        new(writer, number, [.. Enumerable.Range(0, random.Next(1, 5)).Select(record => NewDraft(random, $"{writer}-{number}-{record}"))]);

    private static RecordDraft NewDraft(Random random, string id)
    {
        var payload = new byte[random.Next(8000)];
        random.NextBytes(payload);
        return new RecordDraft
        {
            Stream = $"stream.{random.Next(3)}",
            Id = Encoding.ASCII.GetBytes(id),
            Payload = payload,
            Identity = new RecordIdentity(IdentityRule.IdAndContent, (UInt128)payload.Length, 0),
        };
    }

    private async Task CheckAndCloseAsync()
    {
        var log = EventLog.Open("/data/log", Options, _disk, _time);
        _ledger.Check(log);
        await log.DisposeAsync().AsTask().WaitAsync(WaitMax);
    }

    private async Task CloseAsync(EventLog? log)
    {
        if (log is null)
        {
            return;
        }

        try
        {
            await log.DisposeAsync().AsTask().WaitAsync(WaitMax);
        }
        catch (IOException) when (_disk.PowerIsOff)
        {
        }
    }
}

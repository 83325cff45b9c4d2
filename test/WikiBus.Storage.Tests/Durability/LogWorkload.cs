using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// Several writers on an event log that is interrupted again and again. Every round opens what the last one left,
/// checks
/// it against the ledger, repeats what was left unknown and some of what was stored, and writes on.
/// </summary>
internal sealed class LogWorkload(int seed, string? ignoredFlush = null) : InterruptedWorkload(seed, ignoredFlush)
{
    private const int WriterCount = 3;
    private const int RequestsPerRound = 12;
    private const int RecordsPerRequestMax = 4;
    private const int AttemptsMax = 5;
    private const int PayloadBytesMax = 8000;
    private const string Directory = "/data/log";

    private static readonly EventLogOptions s_options = new()
    {
        SegmentBytesMax = 64 * 1024,
        RetentionBytesMax = 256 * 1024,
        RetentionAgeMax = TimeSpan.FromMinutes(1),
        FreeBytesMin = 0,
    };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly LogLedger _ledger = new();
    private bool _hasAged;

    protected override int CallsPerRoundMax => 120;

    protected override async Task WriteAsync(SimulatedDisk disk, int writerSeed)
    {
        await CheckLostSegmentAsync(disk);
        await using var log = EventLog.Open(Directory, s_options, disk, _time);
        _ledger.Check(log);
        await Task.WhenAll(Enumerable.Range(0, WriterCount)
            .Select(writer => WriteAsync(log, writer, new Random(writerSeed + writer))));
        _hasAged = writerSeed % 2 == 0;
        if (_hasAged)
        {
            // All sealed segments become too old at the same time: one run of the retention deletes several.
            _time.Advance(TimeSpan.FromMinutes(2));
        }
    }

    protected override async Task CheckAsync(SimulatedDisk disk)
    {
        await using var log = EventLog.Open(Directory, s_options, disk, _time);
        _ledger.Check(log);
    }

    /// <summary>
    /// If the last segment held something acknowledged and is missing, the log must not open: it would give the
    /// positions in it again.
    /// </summary>
    private async Task CheckLostSegmentAsync(SimulatedDisk disk)
    {
        var segments = disk.ListFiles(Directory)
            .Where(name => name.EndsWith(".segment", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (segments is not [_, .., var last])
        {
            return; // If the whole log is missing, nothing shows that it existed.
        }

        var firstPosition = long.Parse(last.AsSpan(9, 20), CultureInfo.InvariantCulture);
        if (!_ledger.Requests.Any(request =>
            request.MustBeThere == true && request.Places is [.., var place] && place.Position >= firstPosition))
        {
            return;
        }

        var without = disk.Copy();
        without.Delete($"{Directory}/{last}");
        try
        {
            await using var log = EventLog.Open(Directory, s_options, without, _time);
        }
        catch (LogDamagedException)
        {
            return;
        }

        throw new DurabilityFault($"the log opened without its last segment, {last}");
    }

    private async Task WriteAsync(EventLog log, int writer, Random random)
    {
        var earlier = _ledger.Requests.Where(request => request.Writer == writer).ToList();
        foreach (var request in earlier.TakeLast(3).Where(request => MayBeRepeated(request, earlier[^1], log)))
        {
            if (!await IsStoredAsync(log, request))
            {
                return;
            }
        }

        for (var i = 0; i < RequestsPerRound; i++)
        {
            var request = NewRequest(random, writer, earlier.Count + i);
            _ledger.Sent(request);
            if (!await IsStoredAsync(log, request))
            {
                return;
            }

            _time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
        }
    }

    /// <summary>
    /// A stored record that is still held, and not too old by now, must be known as a repeat. One that was not stored
    /// may be repeated only if its writer sent nothing after it: else the test itself would break the order.
    /// </summary>
    private bool MayBeRepeated(SentRequest request, SentRequest last, EventLog log) => request.MustBeThere == true
        ? !_hasAged && request.Places?[0].Position >= log.FirstPosition
        : request == last;

    /// <summary>Repeats a request while calls fail; the log tries to work again once a second.</summary>
    private async Task<bool> IsStoredAsync(EventLog log, SentRequest request)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            request.Sending();
            var answer = await log.Append(request.Drafts).Completion.WaitAsync(WaitMax);
            request.Answered(answer, log.FirstPosition);
            if (answer.Status == AppendStatus.Stored)
            {
                return true;
            }

            _time.Advance(TimeSpan.FromSeconds(1.1));
        }

        return false;
    }

    private static SentRequest NewRequest(Random random, int writer, int number) => new(
        writer,
        number,
        [.. Enumerable.Range(0, random.Next(1, RecordsPerRequestMax + 1))
            .Select(record => NewDraft(random, $"{writer}-{number}-{record}"))]);

    private static RecordDraft NewDraft(Random random, string id)
    {
        var payload = new byte[random.Next(PayloadBytesMax)];
        random.NextBytes(payload);
        return new RecordDraft
        {
            Stream = $"stream.{random.Next(3)}",
            Id = Encoding.ASCII.GetBytes(id),
            Payload = payload,
            Identity = new RecordIdentity(IdentityRule.IdAndContent, (UInt128)payload.Length, 0),
        };
    }
}

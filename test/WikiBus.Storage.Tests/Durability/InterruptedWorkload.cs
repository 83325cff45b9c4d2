using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// Work on a simulated disk that is interrupted again and again, at any call: by a power loss, by the end of the
/// process alone (unflushed changes are still visible, and can be lost later), or not at all. In some rounds calls
/// fail, too. One seed decides everything but the order in which concurrent tasks run.
/// </summary>
internal abstract class InterruptedWorkload(int seed, string? ignoredFlush)
{
    private const int RoundCount = 5;

    private static readonly DiskCall[] s_faultyCalls =
    [
        DiskCall.Flush, DiskCall.FlushDirectory, DiskCall.Write, DiskCall.SetLength, DiskCall.Rename, DiskCall.Create,
    ];

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _flushes = new(StringComparer.Ordinal);
    private bool _wasKilled;
    private SimulatedDisk _disk = SimulatedDisk.WithDirectory("/data");

    /// <summary>The longest wait for anything; a hang fails the seed.</summary>
    protected static TimeSpan WaitMax { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Every place that flushed during the run.</summary>
    public IReadOnlySet<string> Flushes => _flushes;

    /// <summary>
    /// An interruption falls on one of the first calls up to this number, about as many as a round makes.
    /// </summary>
    protected abstract int CallsPerRoundMax { get; }

    /// <summary>Throws what failed: a <see cref="DurabilityFault"/>, or the storage's own refusal.</summary>
    public async Task RunAsync()
    {
        for (var round = 0; round < RoundCount; round++)
        {
            _disk.IgnoredFlush = ignoredFlush;
            (_disk.PowerCutCalls, _disk.PowerCutCall) = NextInterruption();
            if (_random.Next(3) == 0)
            {
                _disk.Inject(NewFault());
            }

            await UntilInterruptedAsync();
            _flushes.UnionWith(_disk.Flushes);
            _wasKilled = _random.Next(2) == 0;
            _disk = _wasKilled ? _disk.KillProcess() : _disk.Crash(_random);
        }

        await CheckAsync(_disk).WaitAsync(WaitMax);
        await CheckAsync(_disk).WaitAsync(WaitMax);
    }

    /// <summary>
    /// Opens, checks, and writes until the work is done or an exception interrupts it.
    /// </summary>
    protected abstract Task WriteAsync(SimulatedDisk disk, int writerSeed);

    /// <summary>Opens, checks and closes.</summary>
    protected abstract Task CheckAsync(SimulatedDisk disk);

    /// <summary>
    /// Interruptions on any call would seldom fall between a change and its flush, and seldom right after a start,
    /// where
    /// what a killed process left is durable only if recovery made it so.
    /// </summary>
    private (DiskCall Calls, int Number) NextInterruption() => _random.Next(5) switch
    {
        <= 2 when _wasKilled => (DiskCall.Changing, _random.Next(1, 20)),
        0 => (DiskCall.Flush, _random.Next(1, 10)),
        1 => (DiskCall.FlushDirectory, _random.Next(1, 5)),
        2 => (DiskCall.Changing, _random.Next(1, 25)),
        _ => (DiskCall.Changing, _random.Next(1, CallsPerRoundMax)),
    };

    private DiskFault NewFault() => new()
    {
        Calls = s_faultyCalls[_random.Next(s_faultyCalls.Length)],
        First = _random.Next(1, 20),
        Every = _random.Next(3) * 5,
    };

    private async Task UntilInterruptedAsync()
    {
        try
        {
            await WriteAsync(_disk, _random.Next()).WaitAsync(WaitMax);
        }
        catch (IOException exception) when (_disk.PowerIsOff || exception is InjectedFaultException)
        {
        }

        // The work may have ended before the call that it was to be interrupted at.
        _disk.CutPower();
    }
}

using System.Diagnostics;
using System.Globalization;

namespace WikiBus.Fuzzing;

/// <summary>
/// Runs a target for many random cases. The random numbers of a case depend on the seed and the case's number alone, so
/// that one case can be repeated without those before it. The environment gives <c>WIKIBUS_FUZZ_SEED</c>,
/// <c>WIKIBUS_FUZZ_CASES</c> (in-process cases; a target that costs more takes a share of them) and
/// <c>WIKIBUS_FUZZ_CASE</c> (that case alone).
/// </summary>
/// <param name="seed">The seed of all random numbers.</param>
/// <param name="cases">The number of cases.</param>
/// <param name="only">The only case that runs; null: all cases.</param>
/// <param name="output">Gets the seed and the slowest case.</param>
/// <param name="caseTimeMax">A case that runs longer hangs; it is reported within twice that time.</param>
internal sealed class Fuzzer(int seed, int cases, int? only, Action<string> output, TimeSpan caseTimeMax)
{
    private const int CasesDefault = 100_000;

    /// <summary>Keeps neighbouring cases of neighbouring seeds apart.</summary>
    private const int SeedStride = 1_000_003;

    /// <summary>Ends a hang; the slowest case of any target takes a small part of it.</summary>
    private static readonly TimeSpan s_caseTimeMax = TimeSpan.FromMinutes(1);

    private int _running = only ?? 0;
    private int _slowest;
    private TimeSpan _slowestTime;

    public int Cases => cases;

    /// <summary>False when one case alone is repeated: counts over all cases then mean nothing.</summary>
    public bool IsWhole => only is null;

    /// <summary>A fuzzer as the environment asks for; it writes into the output of the running test.</summary>
    /// <param name="share">The target runs one of this number of the cases.</param>
    public static Fuzzer FromEnvironment(int share = 1) => new(
        SeedFromEnvironment(),
        Math.Max(1, (Read("WIKIBUS_FUZZ_CASES") ?? CasesDefault) / share),
        Read("WIKIBUS_FUZZ_CASE"),
        line => TestContext.Current.TestOutputHelper?.WriteLine(line),
        s_caseTimeMax);

    /// <summary>The given seed, else a new one each time.</summary>
    public static int SeedFromEnvironment() => Read("WIKIBUS_FUZZ_SEED") ?? Environment.TickCount;

    /// <inheritdoc cref="RunAsync(Func{Random, Task})" />
    public Task RunAsync(Action<Random> target) => RunAsync(random =>
    {
        target(random);
        return Task.CompletedTask;
    });

    /// <summary>Runs the target for every case, one after the other.</summary>
    /// <param name="target">One case; it fails by throwing.</param>
    /// <exception cref="FuzzFailureException">A case failed or hangs; the message says how to repeat it.</exception>
    public async Task RunAsync(Func<Random, Task> target)
    {
        output($"WIKIBUS_FUZZ_SEED={seed} WIKIBUS_FUZZ_CASES={cases}; one case alone: WIKIBUS_FUZZ_CASE=NUMBER");
        var run = Task.Run(() => RunAllAsync(target));
        for (var before = -1; !run.IsCompleted; before = Volatile.Read(ref _running))
        {
            try
            {
                await run.WaitAsync(caseTimeMax);
            }
            catch (TimeoutException) when (!run.IsCompleted)
            {
                if (Volatile.Read(ref _running) == before)
                {
                    throw new FuzzFailureException($"{Place(before)} does not end", null);
                }
            }
        }

        await run;
        output($"slowest: case {_slowest} with {_slowestTime.TotalMilliseconds:F1} ms");
    }

    private async Task RunAllAsync(Func<Random, Task> target)
    {
        var (first, end) = only is { } number ? (number, number + 1) : (0, cases);
        for (var current = first; current < end; current++)
        {
            Volatile.Write(ref _running, current);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await target(new Random(unchecked((seed * SeedStride) + current)));
            }
            catch (Exception exception)
            {
                throw new FuzzFailureException($"{Place(current)} failed: {exception.Message}", exception);
            }

            var time = Stopwatch.GetElapsedTime(started);
            if (time > _slowestTime)
            {
                (_slowest, _slowestTime) = (current, time);
            }
        }
    }

    private string Place(int number) =>
        $"case {number} of seed {seed} (repeat it with WIKIBUS_FUZZ_SEED={seed} WIKIBUS_FUZZ_CASE={number})";

    private static int? Read(string variable)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}

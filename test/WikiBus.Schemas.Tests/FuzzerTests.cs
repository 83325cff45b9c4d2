namespace WikiBus.Schemas.Tests;

/// <summary>Canaries: targets that must fail, to prove that a failing target is reported.</summary>
public sealed class FuzzerTests
{
    private const int Seed = 7;
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(60);

    private readonly List<string> _output = [];

    [Fact]
    public async Task TargetThatFails_IsReportedWithSeedAndCase_AndFailsAgainAlone()
    {
        var tried = 0;
        var failure = await FailureOfAsync(NewFuzzer(), Canary);
        _output[0].ShouldStartWith($"WIKIBUS_FUZZ_SEED={Seed} WIKIBUS_FUZZ_CASES=1000");
        var failed = tried - 1;
        failure.Message.ShouldContain("the canary sang");
        failure.Message.ShouldContain($"repeat it with WIKIBUS_FUZZ_SEED={Seed} WIKIBUS_FUZZ_CASE={failed})");

        tried = 0;
        (await FailureOfAsync(NewFuzzer(only: failed), Canary)).Message.ShouldBe(failure.Message);
        tried.ShouldBe(1);
        await NewFuzzer(only: failed - 1).RunAsync(Canary).WaitAsync(s_timeMax);

        void Canary(Random random)
        {
            tried++;
            if (random.OneIn(100))
            {
                throw new InvalidOperationException("the canary sang");
            }
        }
    }

    [Fact]
    public async Task TargetThatHangs_IsReportedWithSeedAndCase()
    {
        using var end = new ManualResetEventSlim();
        var fuzzer = NewFuzzer(only: 2, caseTimeMax: TimeSpan.FromMilliseconds(1));
        var failure = await FailureOfAsync(fuzzer, _ => end.Wait(s_timeMax));
        failure.Message.ShouldContain($"repeat it with WIKIBUS_FUZZ_SEED={Seed} WIKIBUS_FUZZ_CASE=2) does not end");
        end.Set();
    }

    [Fact]
    public async Task TargetThatHolds_RunsEveryCase_AndNamesTheSlowest()
    {
        var numbers = new HashSet<int>();
        await NewFuzzer().RunAsync(random => { numbers.Add(random.Next()); }).WaitAsync(s_timeMax);
        numbers.Count.ShouldBeGreaterThan(990, "each case has its own random numbers");
        _output[^1].ShouldStartWith("slowest: case ");
    }

    private Fuzzer NewFuzzer(int? only = null, TimeSpan? caseTimeMax = null) =>
        new(Seed, cases: 1_000, only, _output.Add, caseTimeMax ?? s_timeMax);

    private static async Task<FuzzFailureException> FailureOfAsync(Fuzzer fuzzer, Action<Random> target) =>
        await Should.ThrowAsync<FuzzFailureException>(() => fuzzer.RunAsync(target).WaitAsync(s_timeMax));
}

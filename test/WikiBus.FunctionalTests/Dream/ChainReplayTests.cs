namespace WikiBus.FunctionalTests.Dream;

/// <summary>
/// Repeats the recorded exchanges of linked services. Each step agrees, or <see cref="DreamDecisions"/> or
/// <see cref="ChainDecisions"/> say what is expected in its place.
/// </summary>
public sealed class ChainReplayTests
{
    [Fact]
    public async Task RecordedExchangesOfChains_AgreeOrAreDecided()
    {
        var faults = new List<string>();
        foreach (var scenario in DreamStep.ReadAll().Where(static one =>
            one.Key.StartsWith("chain", StringComparison.Ordinal)))
        {
            await using var scene = await ChainScene.StartAsync(scenario);
            foreach (var step in scenario.Where(static one => !ChainDecisions.IsLeftOut(one)))
            {
                var expected = ChainDecisions.Expect(step);
                scene.Plan(expected);
                if (step.Setup is { } setup)
                {
                    await scene.LinkAsync(setup);
                }

                var difference = step.Request is null
                    ? await scene.FindDifferenceAsync(expected)
                    : await scene.FindDifferenceAsync(step, expected);
                if (difference is not null)
                {
                    faults.Add($"{step}: {difference}");
                    break;
                }
            }
        }

        faults.ShouldBeEmpty();
    }
}

namespace WikiBus.FunctionalTests.Dream;

/// <summary>
/// Repeats the recorded exchanges with Dream's PubSub service over HTTP, each scenario on a fresh server. Each step
/// agrees, or <see cref="DreamDecisions"/> says what is expected in its place.
/// </summary>
public sealed class DreamReplayTests
{
    private const int DecisionsMax = 25;

    [Fact]
    public async Task RecordedExchanges_AgreeOrAreDecided()
    {
        DreamDecisions.All.Count.ShouldBeLessThanOrEqualTo(DecisionsMax);
        var unused = DreamDecisions.All.Select(static decision => decision.Name).ToHashSet(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var scenario in DreamStep.ReadAll().Where(static one => !DreamDecisions.IsLeftOut(one.Key)))
        {
            faults.AddRange(await ReplayAsync(scenario, unused));
        }

        faults.ShouldBeEmpty();
        unused.ShouldBeEmpty("decisions that no recorded step needs");
    }

    private static async Task<List<string>> ReplayAsync(IEnumerable<DreamStep> steps, HashSet<string> unused)
    {
        var faults = new List<string>();
        await using var scene = await DreamScene.StartAsync();
        foreach (var step in steps.Where(static step => step.Request is not null))
        {
            var expected = step;
            foreach (var decision in DreamDecisions.All)
            {
                if (decision.Expect(expected) is { } instead)
                {
                    expected = instead;
                    unused.Remove(decision.Name);
                }
            }

            try
            {
                if (await scene.FindDifferenceAsync(step, expected) is { } difference)
                {
                    faults.Add($"{step}: {difference}");
                }
            }
            catch (KeyNotFoundException exception)
            {
                // A step before differed, so that a placeholder has no value.
                faults.Add($"{step}: {exception.Message}");
            }
        }

        return faults;
    }
}

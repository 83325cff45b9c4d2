using WikiBus.Storage.Repeats;

namespace WikiBus.Storage.Tests.Logs;

public sealed class PositionRingTests
{
    private const int Length = 4096;
    private const int Seed = 7;

    [Theory]
    [InlineData(3)]
    [InlineData(1_000_000)]
    [InlineData(6_000_000_000)] // More than four bytes hold.
    public void NewestPositions_AreKeptWhileTheRingGoesRound(long stepMax)
    {
        var random = new Random(Seed);
        var ring = new PositionRing(Length);
        var positions = new List<long> { random.NextInt64(1L << 40) };
        var start = random.Next(Length);
        while (positions.Count < 5 * Length)
        {
            ring[(start + positions.Count - 1) & (Length - 1)] = positions[^1];
            var oldest = Math.Max(0, positions.Count - Length);
            foreach (var index in new[] { oldest, random.Next(oldest, positions.Count), positions.Count - 1 })
            {
                ring[(start + index) & (Length - 1)].ShouldBe(positions[index]);
            }

            positions.Add(positions[^1] + 1 + random.NextInt64(stepMax));
        }
    }

    [Fact]
    public void PositionsThatAreTakenBack_LeaveThoseBeforeThem()
    {
        const int Kept = 1500;
        var ring = new PositionRing(Length);
        for (var index = 0; index < 2 * Kept; index++)
        {
            ring[index] = index;
        }

        for (var index = Kept; index < 2 * Kept; index++)
        {
            ring[index] = index + (1L << 40);
        }

        for (var index = 0; index < 2 * Kept; index++)
        {
            ring[index].ShouldBe(index < Kept ? index : index + (1L << 40));
        }
    }
}

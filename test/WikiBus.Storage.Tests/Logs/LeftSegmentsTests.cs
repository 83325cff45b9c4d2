using WikiBus.Storage.Records;
using WikiBus.Storage.Repeats;

namespace WikiBus.Storage.Tests.Logs;

public sealed class LeftSegmentsTests
{
    private const int Seed = 7;
    private const long First = 5;

    [Fact]
    public void SegmentsThatMayHoldATime_AreAllVisitedAndNoOthers()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 200; round++)
        {
            var left = new LeftSegments();
            var times = new List<EventTimes>();
            for (var index = 0; index < random.Next(30); index++)
            {
                times.Add(NewTimes(random, index));
                left.Add(First + index, times[^1]);
            }

            var time = random.Next(1, 400);
            var visited = new List<long>();
            for (var number = First + times.Count - 1; number >= 0; number--)
            {
                number = left.NewestThatMayHold(time, number);
                visited.Add(number);
            }

            var expected = Enumerable.Range(0, times.Count)
                .Where(index => times[index].Holds(time))
                .Select(index => First + index)
                .Concat([0L, 1, 2, 3, 4]) // Not known: each may hold it.
                .OrderDescending();
            visited.SequenceEqual(expected).ShouldBeTrue($"round {round}");
        }
    }

    [Fact]
    public void SegmentsThatHaveGone_AreForgottenAndTheOthersStay()
    {
        var left = new LeftSegments();
        for (var number = 1; number <= 3000; number++)
        {
            left.Add(number, new EventTimes(number, number));
        }

        left.Forget(2000);

        left.NewestThatMayHold(2500, 3000).ShouldBe(2500);
        left.NewestThatMayHold(2000, 3000).ShouldBe(2000);
        left.NewestThatMayHold(1500, 3000).ShouldBe(1999, "it has gone, so it is not known");
        left.Add(3001, EventTimes.Unknown);
        left.NewestThatMayHold(1, 3001).ShouldBe(3001);
    }

    private static EventTimes NewTimes(Random random, int index) => random.Next(10) switch
    {
        0 => EventTimes.None,
        1 => EventTimes.Unknown,
        _ => EventTimes.None.With(index * 10).With((index * 10) + random.Next(40)).With(0),
    };
}

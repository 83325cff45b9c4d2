using WikiBus.Storage.Reading;

namespace WikiBus.Storage.Tests.Logs;

public sealed class RecentFramesTests
{
    private const int Seed = 7;

    [Fact]
    public void WhatIsFound_IsWhatTheFileHolds()
    {
        var random = new Random(Seed);
        var file = new byte[8 << 20];
        random.NextBytes(file);
        var frames = new RecentFrames();
        var (segment, end, found) = (1L, 0, 0);
        for (var step = 0; step < 5000; step++)
        {
            if (random.Next(300) == 0 || end > file.Length - 500_000)
            {
                segment++;
                end = random.Next(1000);
            }

            var length = random.Next(20) == 0 ? random.Next(500_000) : random.Next(3000);
            frames.Add(segment, end, file.AsSpan(end, length));
            end += length;
            var bytes = new byte[random.Next(1, 5000)];
            var offset = Math.Max(0, end - random.Next(bytes.Length, 1_200_000));
            if (frames.TryRead(segment, offset, bytes))
            {
                found++;
                bytes.AsSpan().SequenceEqual(file.AsSpan(offset, bytes.Length)).ShouldBeTrue($"step {step}");
            }
        }

        found.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void OtherSegmentsAndBytesThatAreNotYetDurable_AreNotFound()
    {
        var frames = new RecentFrames();
        frames.Add(3, 100, new byte[50]);
        frames.Add(3, 150, new byte[50]);
        frames.TryRead(3, 100, new byte[100]).ShouldBeTrue();
        frames.TryRead(2, 100, new byte[10]).ShouldBeFalse();
        frames.TryRead(3, 99, new byte[10]).ShouldBeFalse();
        frames.TryRead(3, 195, new byte[6]).ShouldBeFalse();
        frames.Add(4, 200, new byte[8]);
        frames.TryRead(3, 150, new byte[10]).ShouldBeFalse();
        frames.TryRead(4, 200, new byte[8]).ShouldBeTrue();
    }

    [Fact]
    public void WhenNobodyAsks_NothingIsKeptUntilSomebodyDoes()
    {
        var frames = new RecentFrames();
        var frame = new byte[100_000];
        for (var index = 0; index < 20; index++)
        {
            frames.Add(1, index * frame.Length, frame);
        }

        frames.TryRead(1, 19 * frame.Length, frame).ShouldBeFalse();
        frames.Add(1, 20 * frame.Length, frame);
        frames.TryRead(1, 20 * frame.Length, frame).ShouldBeTrue();
    }
}

using WikiBus.Server.Streaming;

namespace WikiBus.Server.Tests.Streaming;

public sealed class HeadWindowTests
{
    [Fact]
    public void APosition_IsFoundInThePageThatHoldsIt()
    {
        var window = new HeadWindow(bytesMax: 1 << 20, start: 10);
        for (var from = 10; from < 100; from += 10)
        {
            window.Add(Page(from, from + 10, 1));
        }

        window.Find(10, out _)!.From.ShouldBe(10);
        window.Find(19, out _)!.From.ShouldBe(10);
        window.Find(55, out _)!.From.ShouldBe(50);
        window.Find(99, out _)!.From.ShouldBe(90);
        window.Find(9, out var isAhead).ShouldBeNull();
        isAhead.ShouldBeFalse();
        window.Find(100, out isAhead).ShouldBeNull();
        isAhead.ShouldBeTrue();
    }

    [Fact]
    public void TheOldestPages_GoFirst()
    {
        var window = new HeadWindow(bytesMax: 10_000, start: 0);
        for (var from = 0; from < 1000; from++)
        {
            window.Add(Page(from, from + 1, 1000));
            window.Bytes.ShouldBeLessThanOrEqualTo(10_000);
            window.Find(from, out _)!.From.ShouldBe(from);
        }

        window.Find(985, out _).ShouldBeNull();
        window.Find(995, out _)!.From.ShouldBe(995);
    }

    [Fact]
    public void ARestart_ForgetsThePages()
    {
        var window = new HeadWindow(bytesMax: 10_000, start: 0);
        window.Add(Page(0, 5, 10));
        window.Restart(50);
        window.Bytes.ShouldBe(0);
        window.Find(3, out var isAhead).ShouldBeNull();
        isAhead.ShouldBeFalse();
        window.Add(Page(50, 60, 10));
        window.Find(55, out _)!.From.ShouldBe(50);
    }

    private static FramePage Page(long from, long next, int bytes) =>
        new(from, next, new Rendition([], new byte[bytes]), []);
}

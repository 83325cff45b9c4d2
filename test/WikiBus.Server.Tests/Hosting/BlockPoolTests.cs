using WikiBus.Server.Hosting;

namespace WikiBus.Server.Tests.Hosting;

public sealed class BlockPoolTests
{
    private readonly BlockPool _pool = new();

    [Fact]
    public void ReturnedBlock_IsRentedAgain()
    {
        var first = _pool.Rent(100);
        first.Memory.Span.Fill(7);
        first.Dispose();
        var second = _pool.Rent();
        second.ShouldBeSameAs(first);
        second.Memory.Length.ShouldBe(_pool.MaxBufferSize);
        _pool.Rent(_pool.MaxBufferSize).ShouldNotBeSameAs(second);
    }

    [Fact]
    public void MoreThanABlock_IsAnArgumentError() =>
        Should.Throw<ArgumentOutOfRangeException>(() => _pool.Rent(_pool.MaxBufferSize + 1));

    [Fact]
    public void ManyBlocks_AreNotAllKept()
    {
        var blocks = Enumerable.Range(0, 3000).Select(_ => _pool.Rent()).ToArray();
        foreach (var block in blocks)
        {
            block.Dispose();
        }

        var known = blocks.ToHashSet(ReferenceEqualityComparer.Instance);
        var keptCount = Enumerable.Range(0, 3000).Count(_ => known.Contains(_pool.Rent()));
        keptCount.ShouldBe(1024 + 1, "one is kept for the thread");
    }
}

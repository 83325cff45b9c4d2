using System.Text;
using WikiBus.Storage.State;

namespace WikiBus.Storage.Tests.State;

public sealed class StateIndexTests
{
    [Fact]
    public void RandomChanges_ListAsASortedMapWould()
    {
        var random = new Random(17);
        var index = StateIndex.Empty;
        var model = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var version = 1; version <= 2000; version++)
        {
            var key = RandomKey(random);
            var builder = index.ToBuilder();
            if (random.Next(3) == 0)
            {
                builder.Delete(Bytes(key));
                model.Remove(key);
            }
            else
            {
                builder.Put(new StateEntry(Bytes(key), version, [], null));
                model[key] = version;
            }

            index = builder.ToIndex();
            AssertListsLike(model, index, RandomKey(random)[..1], RandomKey(random));
        }

        index.Count.ShouldBe(model.Count);
    }

    [Fact]
    public void OlderIndex_StaysAsItWas()
    {
        var builder = StateIndex.Empty.ToBuilder();
        builder.Put(new StateEntry(Bytes("a"), 1, [], null));
        var older = builder.ToIndex();
        builder.Put(new StateEntry(Bytes("a"), 2, [], null));
        builder.Put(new StateEntry(Bytes("b"), 3, [], null));
        var newer = builder.ToIndex();

        older.Find("a"u8)!.Version.ShouldBe(1);
        older.Find("b"u8).ShouldBeNull();
        newer.Find("a"u8)!.Version.ShouldBe(2);
        newer.Entries.Select(entry => entry.Version).ShouldBe([2, 3]);
    }

    [Fact]
    public void Keys_AreOrderedByUnsignedBytes()
    {
        var builder = StateIndex.Empty.ToBuilder();
        byte[][] keys = [[0xFF], [0x7F, 0x00], [0x7F], [0x00], [0x80]];
        foreach (var key in keys)
        {
            builder.Put(new StateEntry(key, 1, [], null));
        }

        builder.ToIndex().List([], []).Select(entry => Convert.ToHexString(entry.Key))
            .ShouldBe(["00", "7F", "7F00", "80", "FF"]);
    }

    private static void AssertListsLike(
        SortedDictionary<string, long> model, StateIndex index, string prefix, string after)
    {
        var expected = model.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        index.List(Bytes(prefix), []).Select(entry => entry.Version).ShouldBe(expected.Select(pair => pair.Value));
        index.List(Bytes(prefix), Bytes(after)).Select(entry => entry.Version).ShouldBe(expected
            .Where(pair => string.CompareOrdinal(pair.Key, after) > 0).Select(pair => pair.Value));
    }

    private static string RandomKey(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (char)('a' + random.Next(4)))]);

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}

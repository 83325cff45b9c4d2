using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.State;

/// <summary>
/// Damaged files of the state store: a torn end is cut and told, everything else is refused, with its place.
/// </summary>
public sealed class StateDamageTests
{
    private const string Directory = "/data/state";
    private const string Changes = Directory + "/00000000000000000001.changes";
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(30);

    private readonly List<LogNotice> _notices = [];

    [Fact]
    public async Task TailCutAtEveryByteOfTheLastCommit_OnlyThatCommitIsLost()
    {
        var (disk, before, after) = await TwoCommitsAsync();
        var whole = disk.ReadAll(Changes);
        for (var length = before; length < after; length++)
        {
            var cut = disk.Copy();
            cut.Replace(Changes, whole[..length]);
            await using var store = Open(cut);
            Keys(store).ShouldBe(["first"], $"cut to {length} bytes");
            (await CommitAsync(store, "again")).ShouldBeTrue();
            Keys(store).ShouldBe(["again", "first"]);
        }
    }

    [Fact]
    public async Task BitFlippedAnywhereBeforeTheLastCommit_IsNeverServed()
    {
        var (disk, before, _) = await TwoCommitsAsync();
        var whole = disk.ReadAll(Changes);
        for (var at = 0; at < before; at++)
        {
            var damaged = disk.Copy();
            damaged.Replace(Changes, Flip(whole, at));
            await ShouldBeRefusedOrUnharmedAsync(damaged, Changes, whole, at);
        }
    }

    [Fact]
    public async Task BitFlippedInTheLastCommit_IsCutAndToldWithItsRange()
    {
        var (disk, before, after) = await TwoCommitsAsync();
        disk.Replace(Changes, Flip(disk.ReadAll(Changes), after - 8));
        await using var store = Open(disk);
        Keys(store).ShouldBe(["first"]);
        var notice = _notices.ShouldHaveSingleItem();
        notice.Severity.ShouldBe(LogNoticeSeverity.Error);
        notice.Message.ShouldContain($"{Changes}: bytes {before} to ");
    }

    [Fact]
    public async Task BitFlippedAnywhereInASnapshot_IsNeverServed()
    {
        var disk = SimulatedDisk.WithDirectory("/data");
        await using (var store = Open(disk))
        {
            for (var i = 0; SnapshotIn(disk) is null && i < 10_000; i++)
            {
                await CommitAsync(store, $"key{i % 3}");
            }
        }

        var snapshot = Path.Combine(Directory, SnapshotIn(disk).ShouldNotBeNull());
        var whole = disk.ReadAll(snapshot);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var damaged = disk.Copy();
            damaged.Replace(snapshot, Flip(whole, at));
            await ShouldBeRefusedOrUnharmedAsync(damaged, snapshot, whole, at);
        }
    }

    /// <summary>
    /// Frames are padded to 8 bytes with zeros; only a flip in there may pass, for it changes nothing.
    /// </summary>
    private async Task ShouldBeRefusedOrUnharmedAsync(SimulatedDisk damaged, string file, byte[] whole, int at)
    {
        try
        {
            await using var store = Open(damaged);
            whole[at].ShouldBe((byte)0, $"byte {at}");
            foreach (var (_, value) in store.List([], 10))
            {
                value.Value.ToArray().ShouldBe("12345678"u8.ToArray());
            }
        }
        catch (LogDamagedException exception)
        {
            exception.Message.ShouldContain(file);
        }
    }

    private static string? SnapshotIn(SimulatedDisk disk) =>
        disk.ListFiles(Directory).FirstOrDefault(name => name.EndsWith(".snapshot", StringComparison.Ordinal));

    /// <summary>A store that was killed: no end mark. With where its second commit begins and ends.</summary>
    private async Task<(SimulatedDisk Disk, int Before, int After)> TwoCommitsAsync()
    {
        var disk = SimulatedDisk.WithDirectory("/data");
        var store = Open(disk);
        await CommitAsync(store, "first");
        var before = disk.EndOfFrames(Changes);
        await CommitAsync(store, "second");
        var killed = disk.Copy();
        await store.DisposeAsync().AsTask().WaitAsync(s_waitMax);
        return (killed, before, killed.EndOfFrames(Changes));
    }

    private StateStore Open(SimulatedDisk disk) => StateStore.Open(
        Directory,
        new StateStoreOptions { RotateBytesMin = 2048, OnNotice = _notices.Add },
        disk,
        new FakeTimeProvider());

    private static async Task<bool> CommitAsync(StateStore store, string key) =>
        await store.CommitAsync([new StateChange(Encoding.ASCII.GetBytes(key), "12345678"u8.ToArray())])
            .AsTask().WaitAsync(s_waitMax);

    private static IEnumerable<string> Keys(StateStore store) =>
        store.List([], 10).Select(pair => Encoding.ASCII.GetString(pair.Key));

    private static byte[] Flip(byte[] bytes, int at)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] ^= 0x10;
        return copy;
    }
}

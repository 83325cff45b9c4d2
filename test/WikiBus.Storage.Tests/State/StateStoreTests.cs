using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.State;

public sealed class StateStoreTests : IAsyncDisposable
{
    private const string Directory = "/data/state";
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(30);

    private readonly SimulatedDisk _disk = new();
    private readonly FakeTimeProvider _time = new();
    private StateStore _store;

    public StateStoreTests()
    {
        _disk.CreateDirectory("/data");
        _store = Open();
    }

    private StateStoreOptions Options { get; set; } = new() { RotateBytesMin = 8 * 1024 };

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ValuesPut_AreReadBackAlsoAfterARestart()
    {
        await PutAsync("a", "1");
        await PutAsync("b", new string('x', 1000));
        await PutAsync("a", "2");
        ShouldHold(("a", "2"), ("b", new string('x', 1000)));
        await ReopenAsync();
        ShouldHold(("a", "2"), ("b", new string('x', 1000)));
    }

    [Fact]
    public async Task EmptyValue_IsNotADelete()
    {
        await PutAsync("a", "");
        await ReopenAsync();
        ShouldHold(("a", ""));
        await CommitAsync(Delete("a"));
        await ReopenAsync();
        _store.Get("a"u8).ShouldBeNull();
    }

    [Fact]
    public async Task Versions_GrowOverChangesDeletesAndRestarts()
    {
        await PutAsync("a", "1");
        var first = _store.Get("a"u8)!.Version;
        await PutAsync("a", "2");
        var second = _store.Get("a"u8)!.Version;
        await CommitAsync(Delete("a"));
        await ReopenAsync();
        await PutAsync("a", "3");
        first.ShouldBeGreaterThan(0);
        second.ShouldBeGreaterThan(first);
        _store.Get("a"u8)!.Version.ShouldBeGreaterThan(second);
    }

    [Fact]
    public async Task UnexpectedVersion_ChangesNothingOfTheBatch()
    {
        await PutAsync("a", "1");
        var version = _store.Get("a"u8)!.Version;
        (await CommitAsync(Put("b", "1"), Put("a", "2", version + 1))).ShouldBeFalse();
        (await CommitAsync(Put("b", "1"), Put("a", "2", 0))).ShouldBeFalse();
        ShouldHold(("a", "1"));
        (await CommitAsync(Put("b", "1", 0), Put("a", "2", version))).ShouldBeTrue();
        ShouldHold(("a", "2"), ("b", "1"));
    }

    [Fact]
    public async Task ConcurrentIncrements_AreAllCounted()
    {
        const int PerWriter = 50;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => IncrementAsync(PerWriter))).WaitAsync(s_waitMax);
        Encoding.ASCII.GetString(_store.Get("count"u8)!.Value.Span).ShouldBe((8 * PerWriter).ToString());
    }

    [Fact]
    public async Task ConcurrentCommits_ShareFlushes()
    {
        var before = _disk.CallCount;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => PutAsync($"k{i:D3}", "v").AsTask()))
            .WaitAsync(s_waitMax);
        (_disk.CallCount - before).ShouldBeLessThan(500);
        _store.List([], 1000).Count.ShouldBe(500);
    }

    [Fact]
    public async Task List_GivesAPrefixInByteOrderPageByPage()
    {
        await CommitAsync(
            [.. Enumerable.Range(0, 10).Select(i => Put($"p/{i}", $"{i}")), Put("o", "x"), Put("q", "x")]);
        Keys(_store.List("p/"u8, 4)).ShouldBe(["p/0", "p/1", "p/2", "p/3"]);
        Keys(_store.List("p/"u8, 4, "p/3"u8)).ShouldBe(["p/4", "p/5", "p/6", "p/7"]);
        Keys(_store.List("p/"u8, 4, "p/7"u8)).ShouldBe(["p/8", "p/9"]);
        Keys(_store.List("p/"u8, 100, "a"u8)).Count().ShouldBe(10);
        _store.List("r"u8, 4).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rotation_KeepsEveryValueAndDeletesOldFiles()
    {
        Options = Options with { InlineValueBytesMax = 16 };
        await ReopenAsync();
        var random = new Random(5);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 2000; i++)
        {
            var (key, value) = ($"key{random.Next(50)}", new string((char)('a' + random.Next(26)), random.Next(64)));
            await PutAsync(key, value);
            model[key] = value;
            if (i % 500 == 499)
            {
                ShouldHold([.. model.Select(pair => (pair.Key, pair.Value))]);
                await ReopenAsync();
                ShouldHold([.. model.Select(pair => (pair.Key, pair.Value))]);
            }
        }

        _disk.ListFiles(Directory).Count(name => name.EndsWith(".snapshot", StringComparison.Ordinal)).ShouldBe(1);
        _disk.ListFiles(Directory).Sum(name => _disk.ReadAll(Path.Combine(Directory, name)).Length)
            .ShouldBeLessThan(64 * 1024);
    }

    [Fact]
    public void SecondStore_IsKeptOut() => Should.Throw<IOException>(() => Open());

    [Fact]
    public async Task LimitsExceeded_AreRefused()
    {
        await Should.ThrowAsync<ArgumentException>(async () => await PutAsync("", "x"));
        await Should.ThrowAsync<ArgumentException>(async () => await PutAsync(new string('k', 513), "x"));
        await PutAsync(new string('k', 512), "x");
        var tooMany = Enumerable.Repeat(Put("a", "x"), StateStore.ChangesPerBatchMax + 1).ToArray();
        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync(tooMany));
        (await CommitAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task ClosedStore_RefusesCommits()
    {
        await _store.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(async () => await PutAsync("a", "1"));
        _store = Open();
    }

    private async Task IncrementAsync(int times)
    {
        for (var done = 0; done < times;)
        {
            var current = _store.Get("count"u8);
            var count = current is null ? 0 : int.Parse(Encoding.ASCII.GetString(current.Value.Span));
            done += await CommitAsync(Put("count", $"{count + 1}", current?.Version ?? 0)) ? 1 : 0;
        }
    }

    private static StateChange Put(string key, string value, long? expectedVersion = null) =>
        new(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value), expectedVersion);

    private static StateChange Delete(string key) => new(Encoding.ASCII.GetBytes(key), null);

    private async ValueTask PutAsync(string key, string value) => (await CommitAsync(Put(key, value))).ShouldBeTrue();

    private async ValueTask<bool> CommitAsync(params StateChange[] changes) =>
        await _store.CommitAsync(changes).AsTask().WaitAsync(s_waitMax);

    private void ShouldHold(params (string Key, string Value)[] expected) => _store.List([], int.MaxValue)
        .Select(pair => (Encoding.ASCII.GetString(pair.Key), Encoding.ASCII.GetString(pair.Value.Value.Span)))
        .ShouldBe(expected);

    private static IEnumerable<string> Keys(IReadOnlyList<KeyValuePair<byte[], StateValue>> pairs) =>
        pairs.Select(pair => Encoding.ASCII.GetString(pair.Key));

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync().AsTask().WaitAsync(s_waitMax);
        _store = Open();
    }

    private StateStore Open() => StateStore.Open(Directory, Options, _disk, _time);
}

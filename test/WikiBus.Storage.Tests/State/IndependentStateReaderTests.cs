using System.Text;
using System.Text.Json;

namespace WikiBus.Storage.Tests.State;

public sealed class IndependentStateReaderTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(4096)]
    public async Task ReaderWrittenFromTheFormatPage_ReadsTheSameKeys(long rotateBytesMin)
    {
        var tool = IndependentReader.Require("read-state.py");
        var directory = Directory.CreateTempSubdirectory("wikibus-state-").FullName;
        try
        {
            var expected = await WriteAsync(directory, new StateStoreOptions { RotateBytesMin = rotateBytesMin });
            (await IndependentReader.RunAsync(tool, directory)).Select(Describe).ShouldBe(expected);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Puts, replaces and deletes keys over two runs; what is left then, in the order of the keys.</summary>
    private static async Task<List<string>> WriteAsync(string directory, StateStoreOptions options)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var run = 0; run < 2; run++)
        {
            await using var store = StateStore.Open(directory, options, new PhysicalFileSystem(), TimeProvider.System);
            for (var number = 0; number < 60; number++)
            {
                var key = $"key-{number % 20:d2}";
                byte[]? value = number % 7 == 3 ? null : Encoding.UTF8.GetBytes(new string('ä', number * 9));
                var change = new StateChange(
                    Encoding.UTF8.GetBytes(key), value is null ? default(ReadOnlyMemory<byte>?) : value);
                (await store.CommitAsync([change]).AsTask().WaitAsync(s_patience)).ShouldBeTrue();
                versions.Remove(key);
                if (value is not null)
                {
                    var version = store.Get(Encoding.UTF8.GetBytes(key))!.Version;
                    versions[key] = $"{key} {version} {Convert.ToHexStringLower(value)}";
                }
            }
        }

        return [.. versions.Values];
    }

    private static string Describe(string line)
    {
        using var json = JsonDocument.Parse(line);
        var key = Encoding.UTF8.GetString(Convert.FromHexString(json.RootElement.GetProperty("key").GetString()!));
        return $"{key} {json.RootElement.GetProperty("version")} {json.RootElement.GetProperty("value")}";
    }
}

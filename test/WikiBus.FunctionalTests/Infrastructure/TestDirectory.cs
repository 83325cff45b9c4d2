namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A directory for one test. Disposing deletes it.</summary>
internal sealed class TestDirectory : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("wikibus-test-").FullName;

    public string Combine(params string[] names) => Path.Combine([FullPath, .. names]);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

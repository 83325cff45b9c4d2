namespace WikiBus.Schemas.Tests;

/// <summary>A folder of one test, deleted at its end.</summary>
internal sealed class TestFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("wikibus-test-").FullName;

    /// <summary>Writes a file below the folder and returns its full path.</summary>
    public string Write(string path, string text)
    {
        var file = Path.Join(FullPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Makes a symbolic link below the folder.</summary>
    public void Link(string path, string target)
    {
        var link = Path.Join(FullPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

namespace WikiBus.Server.Tests.Tidy;

/// <summary>A file of one folder names a type of another one.</summary>
/// <param name="From">The folder with its project: <c>WikiBus.Server/Intake/Bodies</c>.</param>
/// <param name="To">The folder that declares the type.</param>
/// <param name="Path">The file.</param>
/// <param name="Name">The name in it.</param>
internal sealed record FolderReference(string From, string To, string Path, string Name)
{
    /// <summary>The folder of <c>src/WikiBus.Server/Intake/A.cs</c>: <c>WikiBus.Server/Intake</c>.</summary>
    public static string FolderOf(string path)
    {
        var start = path.IndexOf('/', StringComparison.Ordinal) + 1;
        return path[start..path.LastIndexOf('/')];
    }

    /// <summary>The project of a folder: what is before its first slash.</summary>
    public static string ProjectOf(string folder) => folder.Split('/')[0];
}

namespace WikiBus.Server.State;

/// <summary>Files that only the user of this process may read.</summary>
internal static class PrivateFile
{
    /// <summary>Creates a file with the mode 0600, so that it is private from its creation on.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}

namespace WikiBus.Server.Hosting;

/// <summary>The folder of everything that must survive.</summary>
internal static class DataFolder
{
    /// <summary>
    /// Makes the folder if it is missing, for its owner only: it holds private streams. One that exists stays as it is.
    /// </summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static void Create(string data)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(data);
        }
        else
        {
            Directory.CreateDirectory(
                data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

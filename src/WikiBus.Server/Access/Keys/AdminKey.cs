using System.Text;

namespace WikiBus.Server.Access;

/// <summary>
/// The key that the command line on the same machine uses: the file <c>admin.key</c> in the data directory, readable
/// by the bus's user only. It may do everything, and is taken only from this machine. Deleting the file and
/// restarting replaces it.
/// </summary>
internal static class AdminKey
{
    public const string Id = "admin";
    public const string FileName = "admin.key";

    private const int FileBytesMax = 4096;

    /// <summary>Reads the key, and makes it when there is none.</summary>
    /// <exception cref="IOException">The file cannot be read or written, or holds no key.</exception>
    public static AccessKey Open(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        var secret = File.Exists(path) ? Read(path) : Make(path);
        return new AccessKey
        {
            Id = Id,
            Roles = Role.Manage,
            Secrets = [new SecretHash(SecretKind.Made, KeySecret.FastHash(secret))],
        };
    }

    private static string Read(string path)
    {
        var secret = new FileInfo(path).Length <= FileBytesMax ? File.ReadAllText(path).Trim() : "";
        return KeySecret.KeyIdOf(secret).SequenceEqual(Id)
            ? secret
            : throw new IOException($"{path} holds no admin key; delete it, and the next start makes one.");
    }

    // Written beside and renamed, so that a crash leaves no half key; never readable by others, not even for a
    // moment.
    private static string Make(string path)
    {
        var secret = KeySecret.Make(Id);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        return secret;
    }
}

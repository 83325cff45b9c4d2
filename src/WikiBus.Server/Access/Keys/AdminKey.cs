using System.Text;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.State;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// The key of the command line on the same machine: the file <c>admin.key</c> in the data directory, which only the
/// bus's user may read. The key may do everything, but only from this machine. To replace it, delete the file and
/// restart.
/// </summary>
internal static class AdminKey
{
    public const string Id = "admin";
    public const string FileName = "admin.key";

    private const int FileBytesMax = 4096;

    /// <summary>Reads the key, or makes one if the file is missing.</summary>
    /// <exception cref="IOException">The file cannot be read or written, or holds no key.</exception>
    public static AccessKey Open(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        var secret = File.Exists(path) ? Read(path) : Make(path);
        return new AccessKey
        {
            Id = Id,
            Roles = Role.Manage,
            Networks = ["127.0.0.0/8", "::1/128"],
            Secrets = [new SecretHash(SecretKind.Made, KeySecret.FastHash(secret))],
        };
    }

    private static string Read(string path)
    {
        // A pipe or a device has no length. Reading one could wait for ever.
        var secret = new FileInfo(path).Length is > 0 and <= FileBytesMax ? File.ReadAllText(path).Trim() : "";
        return KeySecret.KeyIdOf(secret).SequenceEqual(Id)
            ? secret
            : throw new IOException($"{path} holds no admin key; delete it, and the next start makes one.");
    }

    // Writes another file and renames it, so that a crash never leaves a half key.
    private static string Make(string path)
    {
        var secret = KeySecret.Make(Id);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = PrivateFile.Create(temporary))
        {
            file.Write(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        return secret;
    }
}

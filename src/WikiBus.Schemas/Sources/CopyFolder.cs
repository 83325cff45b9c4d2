using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Schemas.Sources;

/// <summary>
/// The last good copies of fetched texts. Each file is named by the hash of its URL, so that no URL can choose a path.
/// Copies are optional: a text that cannot be read or written here is fetched again.
/// </summary>
internal sealed class CopyFolder(string folder)
{
    /// <summary>The copy of the URL's text; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Find(Uri uri)
    {
        try
        {
            var file = FileOf(uri);
            if (!File.Exists(file))
            {
                return null;
            }

            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Replaces the copy in one step, so that a crash leaves the old one or the new one.</summary>
    public void Save(Uri uri, ReadOnlySpan<byte> text)
    {
        var file = FileOf(uri);
        var draft = file + "." + Guid.NewGuid().ToString("N");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(draft, text);
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(draft);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk refuses both. The draft stays and is never read.
        }
    }

    private string FileOf(Uri uri) =>
        Path.Join(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uri.AbsoluteUri))));
}

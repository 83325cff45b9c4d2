using System.Buffers;

namespace WikiBus.Schemas.Sources;

/// <summary>
/// The check of schema URIs. A path is <c>/</c> and names of plain characters: without dot segments, percent signs,
/// backslashes, queries, fragments and control characters. So a file path or URL made of it cannot leave its base.
/// </summary>
internal static class RepositoryUri
{
    /// <summary>Most characters of a URI.</summary>
    public const int LengthMax = 512;

    private static readonly SearchValues<char> s_pathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@+-/");

    /// <summary>The URI without an empty fragment: <c>#</c> and <c>#/</c> mean the whole document.</summary>
    public static ReadOnlySpan<byte> WithoutEmptyFragment(ReadOnlySpan<byte> uri)
    {
        if (uri.EndsWith("#/"u8))
        {
            return uri[..^2];
        }

        return uri.EndsWith("#"u8) ? uri[..^1] : uri;
    }

    /// <inheritdoc cref="WithoutEmptyFragment(ReadOnlySpan{byte})" />
    public static string WithoutEmptyFragment(string uri)
    {
        if (uri.EndsWith("#/", StringComparison.Ordinal))
        {
            return uri[..^2];
        }

        return uri.EndsWith('#') ? uri[..^1] : uri;
    }

    /// <summary>True for a path that can be looked up: <c>/a/b/1.0.0</c>.</summary>
    public static bool IsPath(string uri)
    {
        if (uri.Length < 2 || uri.Length > LengthMax || uri[0] != '/'
            || uri.AsSpan().ContainsAnyExcept(s_pathCharacters))
        {
            return false;
        }

        foreach (var segment in uri.AsSpan(1).Split('/'))
        {
            if (uri.AsSpan(1)[segment] is "" or "." or "..")
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>True for a URI with a scheme or host, which is outside of the repository.</summary>
    public static bool IsAbsolute(string uri) =>
        uri.Contains("://", StringComparison.Ordinal) || uri.StartsWith("//", StringComparison.Ordinal);
}

using System.Text;

namespace WikiBus.Schemas.Sources;

/// <summary>Lets URIs be looked up by their bytes as they stand in an event, without making a string.</summary>
internal sealed class RepositoryUriComparer
    : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static RepositoryUriComparer Instance { get; } = new();

    public bool Equals(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> bytes, string uri) => Ascii.Equals(bytes, uri);

    // Only URIs that resolved are kept, so the sum below need not withstand collisions made on purpose.
    public int GetHashCode(string uri)
    {
        var hash = 0;
        foreach (var character in uri)
        {
            hash = (hash * 31) + character;
        }

        return hash;
    }

    public int GetHashCode(ReadOnlySpan<byte> bytes)
    {
        var hash = 0;
        foreach (var value in bytes)
        {
            hash = (hash * 31) + value;
        }

        return hash;
    }

    public string Create(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}

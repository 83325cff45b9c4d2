using System.Text;

namespace WikiBus.Schemas.Sources;

/// <summary>Compares URIs with their bytes in an event, so that a lookup needs no string.</summary>
internal sealed class RepositoryUriComparer
    : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static RepositoryUriComparer Instance { get; } = new();

    public bool Equals(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> bytes, string uri) => Ascii.Equals(bytes, uri);

    // Only URIs of existing schemas are kept, so clients cannot craft collisions.
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

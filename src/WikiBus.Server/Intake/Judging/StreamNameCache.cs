using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WikiBus.Server.Intake.Judging;

/// <summary>
/// Keeps one string per stream name, found by its bytes, so that no event needs a new one. Safe for concurrent use.
/// </summary>
internal sealed class StreamNameCache
{
    /// <summary>Most names kept; further ones become new strings each time.</summary>
    private const int CountMax = 20_000;

    private readonly ConcurrentDictionary<string, string> _names;
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private int _count;

    public StreamNameCache()
    {
        _names = new ConcurrentDictionary<string, string>(new NameComparer());
        _byBytes = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The name as a string; it must be a valid name (ASCII).</summary>
    public string Get(ReadOnlySpan<byte> name)
    {
        if (_byBytes.TryGetValue(name, out var known))
        {
            return known;
        }

        var text = Encoding.ASCII.GetString(name);
        if (Volatile.Read(ref _count) < CountMax && _names.TryAdd(text, text))
        {
            Interlocked.Increment(ref _count);
        }

        return text;
    }

    /// <summary>Compares names, which are ASCII, with their bytes.</summary>
    private sealed class NameComparer :
        IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);

        public int GetHashCode([DisallowNull] string name)
        {
            Span<byte> bytes = stackalloc byte[WikiBus.Events.StreamName.LengthMax];
            var length = Encoding.ASCII.GetBytes(name, bytes);
            return GetHashCode(bytes[..length]);
        }

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}

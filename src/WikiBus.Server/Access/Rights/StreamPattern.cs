namespace WikiBus.Server.Access.Rights;

/// <summary>A stream's name in which <c>*</c> matches any characters, also none: <c>mediawiki.*</c>.</summary>
internal sealed class StreamPattern
{
    public const int LengthMax = 200;
    private readonly string[] _parts;

    public StreamPattern(string pattern)
    {
        _parts = pattern.Split('*');
    }

    public static bool IsValid(string pattern) =>
        pattern.Length is > 0 and <= LengthMax
        && pattern.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '*');

    public bool Matches(string stream)
    {
        var first = _parts[0];
        if (_parts.Length == 1)
        {
            return string.Equals(stream, first, StringComparison.Ordinal);
        }

        var last = _parts[^1];
        if (stream.Length < first.Length + last.Length
            || !stream.StartsWith(first, StringComparison.Ordinal)
            || !stream.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        // Taking the earliest place of each inner part leaves the most room for the next ones.
        var rest = stream.AsSpan(first.Length, stream.Length - first.Length - last.Length);
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + part.Length)..];
        }

        return true;
    }
}

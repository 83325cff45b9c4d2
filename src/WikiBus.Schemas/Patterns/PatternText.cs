using System.Text;

namespace WikiBus.Schemas.Patterns;

/// <summary>The text of a pattern and the reading position.</summary>
internal sealed class PatternText(string source)
{
    public int Position { get; set; }

    public bool IsAtEnd => Position >= source.Length;

    public bool IsAt(string text) => string.CompareOrdinal(source, Position, text, 0, text.Length) == 0;

    public bool TryTake(string text)
    {
        if (!IsAt(text))
        {
            return false;
        }

        Position += text.Length;
        return true;
    }

    /// <summary>The next code point; a lone surrogate, which no UTF-8 text has, becomes U+FFFD.</summary>
    public int TakeCodePoint()
    {
        Rune.DecodeFromUtf16(source.AsSpan(Position), out var rune, out var length);
        Position += length;
        return rune.Value;
    }

    public char TakeChar() => IsAtEnd ? throw Fault("the text ends within an escape") : source[Position++];

    public string TakeWhile(Func<char, bool> isWanted)
    {
        var start = Position;
        while (!IsAtEnd && isWanted(source[Position]))
        {
            Position++;
        }

        return source[start..Position];
    }

    /// <summary>The text before a character, which is skipped.</summary>
    public string TakeUntil(char end)
    {
        var found = source.IndexOf(end, Position);
        if (found <= Position)
        {
            throw Fault($"a name and {end} are missing");
        }

        var text = source[Position..found];
        Position = found + 1;
        return text;
    }

    public PatternSyntaxException Fault(string reason) => new($"{reason} at character {Position}");
}

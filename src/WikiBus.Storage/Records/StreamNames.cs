using System.Text;

namespace WikiBus.Storage.Records;

/// <summary>One string per stream name while many records are walked. Not safe for concurrent use.</summary>
internal sealed class StreamNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public StreamNames() => _byText = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    public string NameOf(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[byte.MaxValue];
        text = text[..Encoding.ASCII.GetChars(name, text)];
        if (!_byText.TryGetValue(text, out var known))
        {
            known = text.ToString();
            _names.Add(known, known);
        }

        return known;
    }
}

using System.Text;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>A recorded request.</summary>
internal sealed record DreamMessage(
    string Method, string Path, string Query, IReadOnlyList<(string Name, string Value)> Headers, string? Text,
    byte[]? Bytes)
{
    /// <summary>The values of a header, joined with commas.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(static header => header.Value).ToList();
        return values.Count > 0 ? string.Join(',', values) : null;
    }

    /// <summary>The same message with another value of a header; null: without it.</summary>
    public DreamMessage With(string name, string? value)
    {
        var others = Headers.Where(header => !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return this with { Headers = value is null ? [.. others] : [.. others, (name, value)] };
    }

    public byte[]? BodyOf(Placeholders placeholders) =>
        Bytes ?? (Text is null ? null : Encoding.UTF8.GetBytes(placeholders.Fill(Text)));
}

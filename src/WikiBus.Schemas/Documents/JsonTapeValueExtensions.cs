using WikiBus.Json;

namespace WikiBus.Schemas.Documents;

/// <summary>Reads the values of keywords.</summary>
internal static class JsonTapeValueExtensions
{
    /// <summary>A string's text; null for other kinds.</summary>
    public static string? TextOrNull(this JsonTapeValue value) =>
        value.Kind == JsonKind.String ? value.GetString() : null;

    /// <summary>The strings of a list; other elements are skipped.</summary>
    public static string[] Texts(this JsonTapeValue list)
    {
        var texts = new List<string>();
        foreach (var element in list)
        {
            if (element.TextOrNull() is { } text)
            {
                texts.Add(text);
            }
        }
        return [.. texts];
    }
}

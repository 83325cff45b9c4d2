using System.Globalization;
using System.Text;
using WikiBus.Json;

namespace WikiBus.Schemas.Rules;

/// <summary>Names, paths and values as ajv writes them.</summary>
internal static class ErrorText
{
    /// <summary>A string as JSON.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var unit in text)
        {
            switch (unit)
            {
                case '"' or '\\':
                    quoted.Append('\\').Append(unit);
                    break;
                case < ' ':
                    quoted.Append(ControlEscape(unit));
                    break;
                default:
                    quoted.Append(unit);
                    break;
            }
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A value as JSON without white space between tokens.</summary>
    public static string Compact(JsonTapeValue value)
    {
        var text = new StringBuilder();
        AddCompact(text, value);
        return text.ToString();
    }

    /// <summary>
    /// A member that the schema names: <c>.name</c>, or in brackets if the name is not an identifier.
    /// </summary>
    public static string MemberStep(string name) => IsIdentifier(name) ? "." + name : $"['{EscapeQuotes(name)}']";

    /// <summary>A member that the schema does not name: always in brackets, without escapes.</summary>
    public static string OtherMemberStep(string name) => $"['{name}']";

    public static string ElementStep(int position) => string.Create(CultureInfo.InvariantCulture, $"[{position}]");

    private static string ControlEscape(char unit) => unit switch
    {
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
    };

    private static string EscapeQuotes(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "\\'", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\f", "\\f", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal);

    private static bool IsIdentifier(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '$');

    private static void AddCompact(StringBuilder text, JsonTapeValue value)
    {
        if (value.Kind < JsonKind.Array)
        {
            text.Append(value.ToString());
            return;
        }
        var isObject = value.Kind == JsonKind.Object;
        var isFirst = true;
        text.Append(isObject ? '{' : '[');
        for (var parts = value.GetEnumerator(); parts.MoveNext(); isFirst = false)
        {
            if (!isFirst)
            {
                text.Append(',');
            }

            if (isObject)
            {
                text.Append(parts.Name.ToString()).Append(':');
            }

            AddCompact(text, parts.Current);
        }
        text.Append(isObject ? '}' : ']');
    }
}

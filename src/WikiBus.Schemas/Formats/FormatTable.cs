using System.Text;
using WikiBus.Schemas.Patterns;

namespace WikiBus.Schemas.Formats;

/// <summary>The formats by name.</summary>
internal static class FormatTable
{
    /// <summary>Formats that are the same in both rules.</summary>
    private static readonly Dictionary<string, FormatCheck> s_common = new(StringComparer.Ordinal)
    {
        ["json-pointer"] = PointerFormats.IsJsonPointer,
        ["relative-json-pointer"] = PointerFormats.IsRelativeJsonPointer,
        ["uri-template"] = UriFormats.IsUriTemplate,
        ["ipv6"] = HostFormats.IsIpv6,
    };

    private static readonly Dictionary<string, FormatCheck> s_ajv = new(s_common, StringComparer.Ordinal)
    {
        ["date"] = TimeFormats.IsLooseDate,
        ["time"] = TimeFormats.IsLooseTime,
        ["date-time"] = TimeFormats.IsLooseDateTime,
        ["email"] = HostFormats.IsLooseEmail,
        ["hostname"] = HostFormats.IsLooseHostname,
        ["ipv4"] = HostFormats.IsLooseIpv4,
        ["uri"] = UriFormats.IsLooseUri,
        ["url"] = UriFormats.IsLooseUri,
        ["uri-reference"] = UriFormats.IsLooseUriReference,
        ["uuid"] = PointerFormats.IsLooseUuid,
        ["json-pointer-uri-fragment"] = static text =>
            text.Length > 0 && text[0] == (byte)'#' && PointerFormats.IsJsonPointer(text[1..]),
        ["regex"] = static text => IsLooseRegex(Encoding.UTF8.GetString(text)),
    };

    private static readonly Dictionary<string, FormatCheck> s_strict = new(s_common, StringComparer.Ordinal)
    {
        ["date"] = TimeFormats.IsDate,
        ["time"] = TimeFormats.IsTime,
        ["date-time"] = TimeFormats.IsDateTime,
        ["duration"] = TimeFormats.IsDuration,
        ["email"] = HostFormats.IsEmail,
        ["idn-email"] = HostFormats.IsIdnEmail,
        ["hostname"] = HostFormats.IsHostname,
        ["idn-hostname"] = HostFormats.IsIdnHostname,
        ["ipv4"] = HostFormats.IsIpv4,
        ["uri"] = static text => UriFormats.IsUri(text, allowsUnicode: false, needsScheme: true),
        ["uri-reference"] = static text => UriFormats.IsUri(text, allowsUnicode: false, needsScheme: false),
        ["iri"] = static text => UriFormats.IsUri(text, allowsUnicode: true, needsScheme: true),
        ["iri-reference"] = static text => UriFormats.IsUri(text, allowsUnicode: true, needsScheme: false),
        ["uuid"] = PointerFormats.IsUuid,
        ["regex"] = static text => EcmaPattern.IsSyntaxValid(Encoding.UTF8.GetString(text), isStrict: true),
    };

    /// <summary>The check of a format; null for an unknown name.</summary>
    public static FormatCheck? Find(string name, FormatRules rules) =>
        (rules == FormatRules.Strict ? s_strict : s_ajv).GetValueOrDefault(name);

    /// <summary>
    /// ajv asks Node.js, but refuses <c>\Z</c>: the author means the end of the text, and JavaScript means a Z.
    /// </summary>
    private static bool IsLooseRegex(string text)
    {
        var end = text.IndexOf("\\Z", StringComparison.Ordinal);
        while (end == 0 || (end > 0 && text[end - 1] == '\\'))
        {
            end = text.IndexOf("\\Z", end + 1, StringComparison.Ordinal);
        }

        return end < 0 && EcmaPattern.IsSyntaxValid(text, isStrict: false);
    }
}

using System.Collections.Concurrent;
using System.Globalization;

namespace WikiBus.Schemas.Patterns;

/// <summary>The code points of <c>\p{…}</c>: general categories by short or long name, Any and ASCII.</summary>
internal static class UnicodeProperties
{
    private static readonly ConcurrentDictionary<string, CodePointSet?> s_sets = new(StringComparer.Ordinal);

    /// <summary>Long names and aliases of the categories; a group's short name is one letter.</summary>
    private static readonly Dictionary<string, string> s_shortNames = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Uppercase_Letter"] = "Lu", ["Lowercase_Letter"] = "Ll", ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm", ["Other_Letter"] = "Lo", ["Mark"] = "M", ["Combining_Mark"] = "M",
        ["Nonspacing_Mark"] = "Mn", ["Spacing_Mark"] = "Mc", ["Enclosing_Mark"] = "Me", ["Number"] = "N",
        ["Decimal_Number"] = "Nd", ["digit"] = "Nd", ["Letter_Number"] = "Nl", ["Other_Number"] = "No",
        ["Punctuation"] = "P", ["punct"] = "P", ["Connector_Punctuation"] = "Pc", ["Dash_Punctuation"] = "Pd",
        ["Open_Punctuation"] = "Ps", ["Close_Punctuation"] = "Pe", ["Initial_Punctuation"] = "Pi",
        ["Final_Punctuation"] = "Pf", ["Other_Punctuation"] = "Po", ["Symbol"] = "S", ["Math_Symbol"] = "Sm",
        ["Currency_Symbol"] = "Sc", ["Modifier_Symbol"] = "Sk", ["Other_Symbol"] = "So", ["Separator"] = "Z",
        ["Space_Separator"] = "Zs", ["Line_Separator"] = "Zl", ["Paragraph_Separator"] = "Zp", ["Other"] = "C",
        ["Control"] = "Cc", ["cntrl"] = "Cc", ["Format"] = "Cf", ["Private_Use"] = "Co", ["Unassigned"] = "Cn",
    };

    /// <summary>The categories in the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] s_categories =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
            "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    /// <summary>The set of the property whose text is between the braces; null for an unknown one.</summary>
    public static CodePointSet? Find(string property)
    {
        var name = property;
        foreach (var prefix in (ReadOnlySpan<string>)["General_Category=", "gc="])
        {
            if (property.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = property[prefix.Length..];
            }
        }
        return s_sets.GetOrAdd(s_shortNames.GetValueOrDefault(name, name), Collect);
    }

    private static CodePointSet? Collect(string name)
    {
        if (name == "Any")
        {
            return CodePointSet.Any;
        }

        if (name == "ASCII")
        {
            return CodePointSet.Of((0, 127));
        }

        var isWanted = s_categories.Select(category => category.StartsWith(name, StringComparison.Ordinal)).ToArray();
        if (name.Length is 0 or > 2 || !isWanted.Contains(true))
        {
            return null;
        }

        var ranges = new List<(int First, int Last)>();
        for (var point = 0; point <= CodePointSet.CodePointMax; point++)
        {
            if (!isWanted[(int)CharUnicodeInfo.GetUnicodeCategory(point)])
            {
                continue;
            }

            if (ranges.Count > 0 && ranges[^1].Last == point - 1)
            {
                ranges[^1] = (ranges[^1].First, point);
            }
            else
            {
                ranges.Add((point, point));
            }
        }
        return CodePointSet.Of([.. ranges]);
    }
}

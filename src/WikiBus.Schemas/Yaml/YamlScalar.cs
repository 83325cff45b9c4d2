using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WikiBus.Schemas.Yaml;

/// <summary>
/// Writes scalars as JSON by YAML 1.2's core schema. Quoted scalars are strings; so are dates, which have no type
/// there.
/// </summary>
internal static partial class YamlScalar
{
    private const string CoreTagPrefix = "tag:yaml.org,2002:";

    /// <summary>
    /// Most characters of a number that is not decimal: its conversion takes time by the square of them.
    /// </summary>
    private const int RadixDigitsMax = 1_000;

    /// <exception cref="YamlException">The scalar has no JSON form, or a tag that it does not fulfil.</exception>
    public static void Write(Utf8JsonWriter json, Scalar scalar)
    {
        var isPlain = scalar.Style == ScalarStyle.Plain && !scalar.Tag.IsNonSpecific;
        var kind = isPlain ? KindOf(scalar.Value) : YamlScalarKind.Text;
        if (scalar.Tag is { IsEmpty: false, IsNonSpecific: false })
        {
            kind = ApplyTag(scalar, KindOf(scalar.Value));
        }

        switch (kind)
        {
            case YamlScalarKind.Null:
                json.WriteNullValue();
                break;
            case YamlScalarKind.Boolean:
                json.WriteBooleanValue(scalar.Value[0] is 't' or 'T');
                break;
            case YamlScalarKind.Integer:
            case YamlScalarKind.Float:
                json.WriteRawValue(ToJsonNumber(scalar));
                break;
            default:
                json.WriteStringValue(scalar.Value);
                break;
        }
    }

    private static YamlScalarKind ApplyTag(Scalar scalar, YamlScalarKind resolved)
    {
        var isFulfilled = scalar.Tag.Value switch
        {
            CoreTagPrefix + "str" => true,
            CoreTagPrefix + "null" => resolved == YamlScalarKind.Null,
            CoreTagPrefix + "bool" => resolved == YamlScalarKind.Boolean,
            CoreTagPrefix + "int" => resolved == YamlScalarKind.Integer,
            CoreTagPrefix + "float" => resolved is YamlScalarKind.Float or YamlScalarKind.Integer,
            _ => throw YamlConverter.Fault(scalar, $"the tag {scalar.Tag.Value} is not supported"),
        };
        if (!isFulfilled)
        {
            throw YamlConverter.Fault(scalar, $"'{scalar.Value}' is no {scalar.Tag.Value[CoreTagPrefix.Length..]}");
        }

        return scalar.Tag.Value == CoreTagPrefix + "str" ? YamlScalarKind.Text : resolved;
    }

    private static YamlScalarKind KindOf(string value) => value switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlScalarKind.Boolean,
        _ when value[0] is not ((>= '0' and <= '9') or '.' or '-' or '+') => YamlScalarKind.Text,
        _ when IntegerPattern().IsMatch(value) => YamlScalarKind.Integer,
        _ when FloatPattern().IsMatch(value) => YamlScalarKind.Float,
        _ => YamlScalarKind.Text,
    };

    private static string ToJsonNumber(Scalar scalar)
    {
        var value = scalar.Value;
        if (value.StartsWith("0x", StringComparison.Ordinal) || value.StartsWith("0o", StringComparison.Ordinal))
        {
            return FromRadix(scalar, value[1] == 'x' ? 16 : 8);
        }

        var number = DecimalPattern().Match(value);
        if (!number.Success)
        {
            throw YamlConverter.Fault(scalar, $"JSON has no number {value}");
        }

        var sign = value[0] == '-' ? "-" : "";
        var whole = number.Groups["whole"].Value.TrimStart('0');
        var fraction = number.Groups["fraction"].Value;
        whole = whole.Length == 0 ? "0" : whole;
        fraction = fraction.Length == 0 ? "" : "." + fraction;
        return sign + whole + fraction + number.Groups["exponent"].Value;
    }

    private static string FromRadix(Scalar scalar, int radix)
    {
        if (scalar.Value.Length > RadixDigitsMax)
        {
            throw YamlConverter.Fault(scalar, $"a number of more than {RadixDigitsMax} digits");
        }

        var number = BigInteger.Zero;
        foreach (var digit in scalar.Value.AsSpan(2))
        {
            number = number * radix + Convert.ToInt32(digit.ToString(), 16);
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(
        @"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FloatPattern();

    [GeneratedRegex(
        @"^[-+]?(?<whole>[0-9]*)(?:\.(?<fraction>[0-9]*))?(?<exponent>(?:[eE][-+]?[0-9]+)?)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DecimalPattern();
}

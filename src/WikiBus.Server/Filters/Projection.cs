using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using WikiBus.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Filters;

/// <summary>
/// <c>fields=A,B</c>: the members to keep, each a name, or names joined by <c>.</c> (in an array: of each element).
/// They keep the event's order; <c>$schema</c> and <c>meta</c> always stay. Immutable; safe for concurrent use.
/// </summary>
internal sealed class Projection
{
    /// <summary>Most fields in one request.</summary>
    public const int CountMax = 64;

    private readonly ProjectionNode _root;
    private readonly string _text;

    private Projection(string text, ProjectionNode root)
    {
        _text = text;
        _root = root;
    }

    /// <summary>Reads a list of fields; the fault says what is wrong and what is allowed.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Projection? projection, [NotNullWhen(false)] out string? fault)
    {
        projection = null;
        var fields = text.Split(',');
        if (fields.Length > CountMax)
        {
            fault = $"{fields.Length} fields are too many; {CountMax} are allowed.";
            return false;
        }

        var root = new ProjectionNode();
        root.Keep(["$schema"]);
        root.Keep(["meta"]);
        foreach (var field in fields)
        {
            var names = field.Split('.', StringSplitOptions.TrimEntries);
            if (names.Contains("") || names.Length > FilterExpression.PathLengthMax)
            {
                fault = $"Field '{Echo.Of(field)}' is not allowed; "
                    + $"1 to {FilterExpression.PathLengthMax} names joined by '.' are.";
                return false;
            }

            root.Keep(names);
        }

        projection = new Projection(text, root);
        fault = null;
        return true;
    }

    /// <summary>Writes the event with the kept members only.</summary>
    public void Write(JsonTapeValue root, IBufferWriter<byte> output) => _root.Write(root, output);

    /// <summary>The fields as they were given: equal texts are equal projections.</summary>
    public override string ToString() => _text;
}

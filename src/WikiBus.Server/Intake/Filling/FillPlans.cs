using System.Runtime.CompilerServices;
using System.Text;
using WikiBus.Schemas;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Filling;

/// <summary>
/// The members that events get when they lack them, for each schema. Only members that the schema declares are filled
/// in. Safe for concurrent use.
/// </summary>
internal sealed class FillPlans
{
    private const string LegacyTitlePrefix = "analytics/legacy";

    private static readonly Comparer<int[]> s_byPlace =
        Comparer<int[]>.Create(static (one, other) => one.AsSpan().SequenceCompareTo(other));

    private readonly ConditionalWeakTable<CompiledSchema, FillField[]> _plans = [];
    private readonly ConditionalWeakTable<CompiledSchema, FillField[]>.CreateValueCallback _make;

    public FillPlans(IntakeOptions options)
    {
        HeaderFields = [.. options.HeaderFields.Select(
            static text => HeaderField.TryParse(text, out var field) ? field : throw new ArgumentException(text))];
        _make = Make;
    }

    public IReadOnlyList<HeaderField> HeaderFields { get; }

    /// <summary>The members that events of a schema get, in the order of the schema.</summary>
    public FillField[] For(CompiledSchema schema) => _plans.GetValue(schema, _make);

    private FillField[] Make(CompiledSchema schema)
    {
        List<FillField> fields =
        [
            new(FillSource.SchemaUriParameter, -1, "$schema"),
            new(FillSource.StreamParameter, -1, "meta", "stream"),
        ];
        if (schema.HasProperty("meta", "id"))
        {
            fields.Add(new FillField(FillSource.NewId, -1, "meta", "id"));
        }

        if (schema.HasProperty("meta", "dt"))
        {
            fields.Add(new FillField(FillSource.Now, -1, "meta", "dt"));
        }

        if (schema.Title?.StartsWith(LegacyTitlePrefix, StringComparison.Ordinal) == true && schema.HasProperty("dt"))
        {
            fields.Add(new FillField(FillSource.Now, -1, "dt"));
        }

        for (var index = 0; index < HeaderFields.Count; index++)
        {
            if (Knows(schema, HeaderFields[index].Path))
            {
                fields.Add(new FillField(FillSource.Header, index, HeaderFields[index].Path));
            }
        }

        if (schema.HasProperty("http", "client_ip"))
        {
            fields.Add(new FillField(FillSource.ClientAddress, -1, "http", "client_ip"));
        }

        return [.. fields.OrderBy(field => Places(schema, field), s_byPlace)];
    }

    // The place in the schema of each object on the way, then of the member. Undeclared ones come last.
    private static int[] Places(CompiledSchema schema, FillField field)
    {
        string[] names = [.. field.Path.Select(Encoding.UTF8.GetString)];
        return [.. Enumerable.Range(1, names.Length)
            .Select(depth => schema.PropertyIndex(names.AsSpan(0, depth)))
            .Select(static place => place < 0 ? int.MaxValue : place)];
    }

    // Headers may go into a map such as http.request_headers, whose members no schema lists.
    private static bool Knows(CompiledSchema schema, IReadOnlyList<string> path)
    {
        string[] names = [.. path];
        return schema.HasProperty(names) || (names.Length > 2 && schema.HasProperty(names.AsSpan(0, names.Length - 1)));
    }
}

using System.Text;
using WikiBus.Json;
using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas.Rules.Combinations;

/// <summary>
/// <c>dependentSchemas</c>, or <c>dependencies</c> with a schema: an object with the member must match the schema.
/// </summary>
internal sealed class DependentSchemaRule(string keyword, string trigger, SchemaNode schema) : SchemaRule
{
    private readonly byte[] _trigger = Encoding.UTF8.GetBytes(trigger);

    public override IEnumerable<SchemaNode> InPlace => [schema];

    public override IEnumerable<SchemaNode> Defaulting => [schema];

    public override bool IsValid(ref Evaluation run, int index) =>
        !IsTriggered(ref run, index) || schema.IsValid(ref run, index);

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        if (IsTriggered(ref run, index))
        {
            schema.Mark(ref run, index, evaluated);
        }
    }

    public override void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults)
    {
        if (IsTriggered(ref run, index))
        {
            schema.CollectDefaults(ref run, index, defaults);
        }
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors) =>
        errors.Walk(ref run, schema, index, $"{keyword}/{SchemaUri.PathToken(trigger)}");

    private bool IsTriggered(ref Evaluation run, int index) => run.Node(index)[_trigger].Kind != JsonKind.None;
}

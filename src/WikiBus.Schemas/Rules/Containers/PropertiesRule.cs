using WikiBus.Json;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Patterns;

namespace WikiBus.Schemas.Rules.Containers;

/// <summary>
/// <c>properties</c>, <c>patternProperties</c>, <c>additionalProperties</c> and <c>required</c>, in one walk over the
/// members.
/// </summary>
internal sealed class PropertiesRule : SchemaRule
{
    private const int RequiredBits = 64;

    private readonly PropertyEntry[] _entries;
    private readonly JsonNameTable _table;
    private readonly (string Source, EcmaPattern Pattern, SchemaNode Schema)[] _patterns;
    private readonly SchemaNode? _additional;

    /// <summary>True if other members than the named ones have schemas.</summary>
    private readonly bool _knowsOthers;

    // For each entry: the schema, null if it accepts everything, and the bit that marks the member as seen.
    private readonly (SchemaNode? Schema, ulong Bit)[] _checks;
    private readonly ulong _requiredMask;

    /// <summary>Required members without a bit; each is looked up.</summary>
    private readonly PropertyEntry[] _furtherRequired;

    /// <summary>Makes the rule.</summary>
    /// <param name="entries">The known names: first those with a schema, in their order.</param>
    /// <param name="patterns">The schemas by pattern.</param>
    /// <param name="additional">The schema of other members; null when there is none.</param>
    public PropertiesRule(
        PropertyEntry[] entries,
        (string Source, EcmaPattern Pattern, SchemaNode Schema)[] patterns,
        SchemaNode? additional)
    {
        _entries = entries;
        _patterns = patterns;
        _additional = additional;
        _knowsOthers = patterns.Length > 0 || additional is not null;
        _table = new JsonNameTable([.. entries.Select(entry => entry.NameBytes)]);
        var required = entries.Where(entry => entry.IsRequired).ToList();
        _furtherRequired = [.. required.Skip(RequiredBits)];
        _checks = Array.ConvertAll(entries, entry => (entry.Schema, BitOf(required.IndexOf(entry))));
        _requiredMask = _checks.Aggregate(0UL, (mask, check) => mask | check.Bit);
    }

    public IReadOnlyList<PropertyEntry> Entries => _entries;

    public override bool HasOwnDefaults => _entries.Any(entry => entry.DefaultMember is not null);

    public override IEnumerable<SchemaNode> Defaulting =>
        _entries.Select(entry => entry.Schema)
            .Concat(_patterns.Select(pattern => pattern.Schema))
            .Append(_additional)
            .OfType<SchemaNode>();

    /// <summary>
    /// Shortens the walk when all nodes are filled: it skips nodes that accept everything, and replaces a node that
    /// only refers to another by that one.
    /// </summary>
    /// <param name="isDynamic">True if the dynamic scope is kept: references must be entered.</param>
    public void Settle(bool isDynamic)
    {
        foreach (ref var check in _checks.AsSpan())
        {
            var schema = isDynamic ? check.Schema : check.Schema?.OnlyReference ?? check.Schema;
            check.Schema = schema is { IsEmpty: true } ? null : schema;
        }
    }

    public override bool IsValid(ref Evaluation run, int index)
    {
        var tape = run.Tape;
        var tokens = run.Tokens;
        var seen = 0UL;
        for (int name = index + 1, end = tokens[index].Next; name < end; name = tokens[name + 1].Next)
        {
            var position = _table.Find(tape, in tokens[name]);
            if (position >= 0)
            {
                ref readonly var check = ref _checks[position];
                seen |= check.Bit;
                if (check.Schema is not null && !check.Schema.IsValid(ref run, name + 1))
                {
                    return false;
                }
            }
            if (_knowsOthers && !AreOthersValid(ref run, name, position))
            {
                return false;
            }
        }
        return (seen & _requiredMask) == _requiredMask && AreFurtherThere(ref run, index);
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        ExplainAdditional(ref run, index, errors);
        foreach (var entry in _entries)
        {
            if (entry.Schema is null or { IsEmpty: true })
            {
                continue;
            }

            var value = run.Node(index)[entry.NameBytes];
            if (value.Kind != JsonKind.None)
            {
                errors.Walk(ref run, entry.Schema, value.Index, $"properties/{SchemaUri.PathToken(entry.Name)}",
                    ErrorText.MemberStep(entry.Name));
            }
            else if (entry.IsRequired)
            {
                RequiredRule.AddMissing(errors, entry.Name);
            }
        }
        ExplainPatterns(ref run, index, errors);
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        var tokens = run.Tokens;
        for (int name = index + 1, end = tokens[index].Next; name < end; name = tokens[name + 1].Next)
        {
            if (_additional is not null
                || IsKnown(_table.Find(run.Tape, in run.Tokens[name])) || MatchesAny(ref run, name))
            {
                evaluated.Add(name + 1);
            }
        }
    }

    public override void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults)
    {
        foreach (var entry in _entries)
        {
            if (entry.DefaultMember is { } member && run.Node(index)[entry.NameBytes].Kind == JsonKind.None)
            {
                defaults.Add(ref run, index, entry.Name, member);
            }
        }
        var tokens = run.Tokens;
        for (int name = index + 1, end = tokens[index].Next; name < end; name = tokens[name + 1].Next)
        {
            var position = _table.Find(run.Tape, in run.Tokens[name]);
            if (IsKnown(position))
            {
                _entries[position].Schema!.CollectDefaults(ref run, name + 1, defaults);
            }

            foreach (var (_, pattern, schema) in _patterns)
            {
                if (schema.HasDefaults && Matches(ref run, name, pattern))
                {
                    schema.CollectDefaults(ref run, name + 1, defaults);
                }
            }
            if (_additional is { HasDefaults: true } && !IsKnown(position) && !MatchesAny(ref run, name))
            {
                _additional.CollectDefaults(ref run, name + 1, defaults);
            }
        }
    }

    private bool AreOthersValid(ref Evaluation run, int name, int position)
    {
        var isOther = !IsKnown(position);
        foreach (var (_, pattern, schema) in _patterns)
        {
            if (!Matches(ref run, name, pattern))
            {
                continue;
            }

            isOther = false;
            if (!schema.IsValid(ref run, name + 1))
            {
                return false;
            }
        }
        return !isOther || _additional is null || _additional.IsValid(ref run, name + 1);
    }

    private bool AreFurtherThere(ref Evaluation run, int index)
    {
        foreach (var entry in _furtherRequired)
        {
            if (run.Node(index)[entry.NameBytes].Kind == JsonKind.None)
            {
                return false;
            }
        }
        return true;
    }

    private void ExplainAdditional(ref Evaluation run, int index, ErrorSink errors)
    {
        var tokens = run.Tokens;
        for (int name = index + 1, end = tokens[index].Next;
            name < end && _additional is not null;
            name = tokens[name + 1].Next)
        {
            if (IsKnown(_table.Find(run.Tape, in run.Tokens[name])) || MatchesAny(ref run, name))
            {
                continue;
            }

            var text = run.Node(name).GetString();
            if (_additional.IsFalse)
            {
                errors.Add("additionalProperties", $"{{\"additionalProperty\":{ErrorText.Quote(text)}}}",
                    "should NOT have additional properties");
            }
            else
            {
                errors.Walk(ref run, _additional, name + 1, "additionalProperties", ErrorText.OtherMemberStep(text));
            }
        }
    }

    private void ExplainPatterns(ref Evaluation run, int index, ErrorSink errors)
    {
        var tokens = run.Tokens;
        foreach (var (source, pattern, schema) in _patterns)
        {
            for (int name = index + 1, end = tokens[index].Next;
                name < end && !errors.IsFull;
                name = tokens[name + 1].Next)
            {
                if (!Matches(ref run, name, pattern))
                {
                    continue;
                }

                var step = ErrorText.OtherMemberStep(run.Node(name).GetString());
                errors.Walk(ref run, schema, name + 1, $"patternProperties/{SchemaUri.PathToken(source)}", step);
            }
        }
    }

    /// <summary>True for a name with a schema; a name that is only required counts as additional.</summary>
    private bool IsKnown(int position) => position >= 0 && _entries[position].Schema is not null;

    private bool MatchesAny(ref Evaluation run, int name)
    {
        foreach (var (_, pattern, _) in _patterns)
        {
            if (Matches(ref run, name, pattern))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Matches(ref Evaluation run, int name, EcmaPattern pattern) =>
        run.IsMatch(pattern, run.Node(name).GetUtf8().Span);

    private static ulong BitOf(int position) => position is >= 0 and < RequiredBits ? 1UL << position : 0;
}

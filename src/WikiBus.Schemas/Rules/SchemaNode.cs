using System.Runtime.CompilerServices;
using WikiBus.Json;
using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas.Rules;

/// <summary>A compiled schema or subschema. Filled once by the compiler, then immutable.</summary>
internal sealed class SchemaNode
{
    public const int AllKinds = 0b1111_1110;
    private const int KindCount = 8;

    private readonly SchemaRule[]?[] _checks = new SchemaRule[]?[KindCount];
    private readonly SchemaRule[][] _explanations = new SchemaRule[KindCount][];
    private int _kinds = AllKinds;
    private bool _isIntegerOnly;
    private string[] _typeNames = [];

    /// <summary>Makes a node that accepts everything until it is filled.</summary>
    /// <param name="resource">The schema's resource.</param>
    /// <param name="index">The schema's token.</param>
    public SchemaNode(SchemaResource resource, int index)
    {
        Resource = resource;
        Index = index;
        Array.Fill(_explanations, []);
    }

    public SchemaResource Resource { get; }

    public int Index { get; }

    /// <summary>True for the schema <c>false</c>.</summary>
    public bool IsFalse { get; private set; }

    /// <summary>True if it checks nothing, as <c>true</c> and <c>{}</c>.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>True if the schema, or one that it leads to, has a default for a member.</summary>
    public bool HasDefaults { get; set; }

    /// <summary>True for the root of a resource, which begins a dynamic scope.</summary>
    public bool IsScope { get; set; }

    /// <summary>The target of a schema that is only a reference, <c>{"$ref":…}</c>; else null.</summary>
    public SchemaNode? OnlyReference =>
        _kinds == AllKinds && !_isIntegerOnly && Rules.ToList() is [var only] ? only.Target : null;

    public IEnumerable<SchemaRule> Rules => _explanations.SelectMany(rules => rules).Distinct();

    public void FillFalse()
    {
        IsFalse = true;
        IsEmpty = false;
        _kinds = 0;
    }

    /// <summary>Sets what <c>type</c> allows.</summary>
    public void FillType(string[] names, int kinds, bool isIntegerOnly)
    {
        _typeNames = names;
        _kinds = kinds;
        _isIntegerOnly = isIntegerOnly;
        IsEmpty = false;
    }

    /// <summary>Sets the rules for values of one kind, in the order in which they are explained.</summary>
    public void FillRules(JsonKind kind, SchemaRule[] rules)
    {
        if (rules.Length == 0)
        {
            return;
        }

        IsEmpty = false;
        _explanations[(int)kind] = rules;
        _checks[(int)kind] = Array.FindAll(rules, rule => !rule.IsExplanation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(ref Evaluation run, int index)
    {
        var kind = (int)run.Tokens[index].Kind;
        if (((_kinds >> kind) & 1) == 0)
        {
            return false;
        }

        if (_isIntegerOnly && kind == (int)JsonKind.Number && !run.IsInteger(index))
        {
            return false;
        }

        var checks = _checks[kind];
        return checks is null || AreMet(ref run, index, checks);
    }

    public void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        if (IsFalse)
        {
            errors.Add("false schema", "{}", "boolean schema is false");
            return;
        }
        var kind = run.Tokens[index].Kind;
        var isTyped = ((_kinds >> (int)kind) & 1) != 0
            && (!_isIntegerOnly || kind != JsonKind.Number || run.IsInteger(index));
        if (!isTyped)
        {
            var names = string.Join(',', _typeNames);
            errors.Add("type", $"{{\"type\":\"{names}\"}}", $"should be {names}");
        }
        if (kind >= JsonKind.Array && !run.TryDescend())
        {
            return;
        }

        Enter(ref run);
        foreach (var rule in _explanations[(int)kind])
        {
            if (!errors.IsFull)
            {
                rule.Explain(ref run, index, errors);
            }
        }
        Leave(ref run);
    }

    /// <inheritdoc cref="SchemaRule.Mark" />
    public void Mark(ref Evaluation run, int index, HashSet<int> evaluated, SchemaRule? except = null)
    {
        var rules = _checks[(int)run.Tokens[index].Kind];
        if (rules is null || !run.TryDescend())
        {
            return;
        }

        Enter(ref run);
        foreach (var rule in rules)
        {
            if (!ReferenceEquals(rule, except))
            {
                rule.Mark(ref run, index, evaluated);
            }
        }
        Leave(ref run);
    }

    public void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults)
    {
        if (!HasDefaults || !run.TryDescend())
        {
            return;
        }

        foreach (var rule in _checks[(int)run.Tokens[index].Kind] ?? [])
        {
            rule.CollectDefaults(ref run, index, defaults);
        }
    }

    private bool AreMet(ref Evaluation run, int index, SchemaRule[] checks)
    {
        if (run.Tokens[index].Kind >= JsonKind.Array && !run.TryDescend())
        {
            return false;
        }

        Enter(ref run);
        var isValid = true;
        foreach (var check in checks)
        {
            if (!check.IsValid(ref run, index))
            {
                isValid = false;
                break;
            }
        }
        Leave(ref run);
        return isValid;
    }

    private void Enter(ref Evaluation run)
    {
        if (IsScope)
        {
            run.EnterScope(Resource);
        }
    }

    private void Leave(ref Evaluation run)
    {
        if (IsScope)
        {
            run.LeaveScope();
        }
    }
}

namespace WikiBus.Schemas.Rules;

/// <summary>
/// One keyword of a compiled schema. <see cref="IsValid"/> is fast and stops at the first violation. <see
/// cref="Explain"/> runs only for an invalid value and collects all violations.
/// </summary>
internal abstract class SchemaRule
{
    /// <summary>True for a rule that only explains what another one checks.</summary>
    public virtual bool IsExplanation => false;

    /// <summary>The schema that the rule passes every value on to; null for a rule that checks more.</summary>
    public virtual SchemaNode? Target => null;

    /// <summary>True if the rule itself has defaults for members.</summary>
    public virtual bool HasOwnDefaults => false;

    /// <summary>Schemas for the same value. They form no circle, so that a run ends.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];

    /// <summary>Schemas whose defaults count for the value or for its parts.</summary>
    public virtual IEnumerable<SchemaNode> Defaulting => [];

    public abstract bool IsValid(ref Evaluation run, int index);

    public virtual void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        if (!IsValid(ref run, index))
        {
            AddError(ref run, index, errors);
        }
    }

    /// <summary>
    /// Adds the members or elements that the rule evaluates, for <c>unevaluatedProperties</c> and
    /// <c>unevaluatedItems</c>. The value is valid.
    /// </summary>
    public virtual void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
    }

    public virtual void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults)
    {
    }

    /// <summary>Adds the rule's own violation.</summary>
    protected virtual void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
    }
}

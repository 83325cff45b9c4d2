namespace WikiBus.Schemas.Rules;

/// <summary>
/// One keyword of a compiled schema. <see cref="IsValid"/> is the fast way and stops at the first violation; <see
/// cref="Explain"/> is walked only once a value is known to be invalid, and says all of them.
/// </summary>
internal abstract class SchemaRule
{
    /// <summary>True for a rule that only explains what another one checks.</summary>
    public virtual bool IsExplanation => false;

    /// <summary>The schema that the rule passes every value on to; null for a rule that checks more.</summary>
    public virtual SchemaNode? Target => null;

    /// <summary>True if the rule itself has defaults for members.</summary>
    public virtual bool HasOwnDefaults => false;

    /// <summary>Schemas for the same value. They form no circle, else a run would not end.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];

    /// <summary>Schemas whose defaults count for the value or what is in it.</summary>
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
    /// Tells which members or elements the rule has looked at, for <c>unevaluatedProperties</c> and
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

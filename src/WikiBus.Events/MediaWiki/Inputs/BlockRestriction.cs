namespace WikiBus.Events.MediaWiki;

/// <summary>A page or a namespace that a partial block holds for.</summary>
public sealed record BlockRestriction
{
    private BlockRestriction(string type, long value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>What the value means: <c>page</c> or <c>ns</c>.</summary>
    public string Type { get; }

    /// <summary>The page's id, or the number of the namespace.</summary>
    public long Value { get; }

    /// <summary>The block holds for a page.</summary>
    /// <param name="id">Its id, at least 1.</param>
    /// <exception cref="ArgumentException">The id is below 1, or above 2^53 − 1.</exception>
    public static BlockRestriction OfPage(long id) => new("page", Require.Id(id));

    /// <summary>The block holds for all pages of a namespace.</summary>
    /// <param name="number">Its number.</param>
    public static BlockRestriction OfNamespace(int number) => new("ns", number);
}

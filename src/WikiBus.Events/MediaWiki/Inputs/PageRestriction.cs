namespace WikiBus.Events.MediaWiki;

/// <summary>A protection of a page: who may do something with it.</summary>
/// <param name="Action">What is restricted, as <c>edit</c> or <c>move</c>.</param>
/// <param name="Level">The right that it needs, as <c>sysop</c>; empty if everybody may do it.</param>
/// <exception cref="ArgumentException">The action is empty, or a text has a lone surrogate.</exception>
public sealed record PageRestriction(string Action, string Level)
{
    /// <summary>What is restricted, as <c>edit</c> or <c>move</c>.</summary>
    public string Action { get; init => field = Require.Text(value); } = Require.Text(Action);

    /// <summary>The right that it needs, as <c>sysop</c>; empty if everybody may do it.</summary>
    public string Level { get; init => field = Require.Unicode(value); } = Require.Unicode(Level);
}

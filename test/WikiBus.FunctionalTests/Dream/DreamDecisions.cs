namespace WikiBus.FunctionalTests.Dream;

/// <summary>All differences from Dream that are wanted; <c>docs/compatibility.md</c> lists them, too.</summary>
internal static class DreamDecisions
{
    /// <summary>The decisions, in the order in which they are applied to a step.</summary>
    public static IReadOnlyList<DreamDecision> All { get; } = [.. SetDecisions.All, .. EventDecisions.All];

    /// <summary>
    /// Scenarios about files of a queue, which the bus has in its database, and about chains of services.
    /// </summary>
    public static bool IsLeftOut(string scenario) =>
        scenario.StartsWith("persistent queue", StringComparison.Ordinal)
        || scenario.StartsWith("chain", StringComparison.Ordinal);
}

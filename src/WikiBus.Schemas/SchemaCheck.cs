namespace WikiBus.Schemas;

/// <summary>What <see cref="SchemaChecker"/> did.</summary>
/// <param name="SchemaCount">Schemas that were compiled, faulty ones included.</param>
/// <param name="ExampleCount">Examples that were validated.</param>
/// <param name="Findings">The faults, in the order of the files.</param>
public sealed record SchemaCheck(int SchemaCount, int ExampleCount, IReadOnlyList<SchemaFinding> Findings);

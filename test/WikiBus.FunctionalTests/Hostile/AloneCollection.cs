namespace WikiBus.FunctionalTests.Hostile;

/// <summary>
/// Tests that keep all cores busy run when the others have ended: those have servers with deadlines to keep.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>
/// Tests that keep all cores busy, or count the bytes of this process. They run after the others, whose servers have
/// deadlines to keep.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

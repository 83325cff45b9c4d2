namespace WikiBus.FunctionalTests.Dream;

/// <summary>A difference from Dream that is wanted.</summary>
/// <param name="Name">Its name in <c>docs/compatibility.md</c>.</param>
/// <param name="Sentence">What differs, and why.</param>
/// <param name="Expect">What is expected in place of a recorded step; null: the decision says nothing about it.</param>
internal sealed record DreamDecision(string Name, string Sentence, Func<DreamStep, DreamStep?> Expect);

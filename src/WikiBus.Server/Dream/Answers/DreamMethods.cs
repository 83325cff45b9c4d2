namespace WikiBus.Server.Dream.Answers;

/// <summary>The methods of a path, as metadata of its endpoint. The endpoint itself answers others.</summary>
/// <param name="All">Their names.</param>
internal sealed record DreamMethods(IReadOnlyList<string> All);

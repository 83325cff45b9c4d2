namespace WikiBus.Storage;

/// <summary>A damaged region of a log.</summary>
/// <param name="File">The file's path.</param>
/// <param name="From">The first byte concerned.</param>
/// <param name="To">The byte after the last one concerned.</param>
/// <param name="What">What is wrong, for people.</param>
/// <param name="IsTear">True for the remains of an unfinished write at the very end: opening the log cuts them.</param>
public sealed record LogDamage(string File, long From, long To, string What, bool IsTear = false);

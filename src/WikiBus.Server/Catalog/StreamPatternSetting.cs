namespace WikiBus.Server.Catalog;

/// <summary>A setting for all streams whose names match a pattern.</summary>
/// <param name="Matches">Whether a name does; no name can make it slow.</param>
/// <param name="Setting">What is said about them.</param>
internal sealed record StreamPatternSetting(Predicate<string> Matches, StreamSetting Setting);

using System.Text.RegularExpressions;

namespace WikiBus.Server.Catalog;

/// <summary>A setting for all streams whose names a regular expression finds itself in.</summary>
/// <param name="Pattern">Non-backtracking, so that no name can make it slow.</param>
/// <param name="Setting">What is said about them.</param>
internal sealed record StreamPatternSetting(Regex Pattern, StreamSetting Setting);

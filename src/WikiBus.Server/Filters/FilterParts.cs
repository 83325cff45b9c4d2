namespace WikiBus.Server.Filters;

/// <summary>What the text of a filter says.</summary>
internal sealed record FilterParts(string[] Path, FilterOperator Operator, string Value);

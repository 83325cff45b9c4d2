namespace WikiBus.Server.Filters;

/// <summary>How a filter compares a member with its value.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,

    /// <summary>The member's text contains the value, ignoring case.</summary>
    Contains,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

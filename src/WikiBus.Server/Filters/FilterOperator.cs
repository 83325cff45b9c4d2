namespace WikiBus.Server.Filters;

/// <summary>How a filter compares a member with its value.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,

    /// <summary>The member's text holds the value, ignoring case.</summary>
    Contains,
    Less,
    Greater,
}

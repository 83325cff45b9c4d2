namespace WikiBus.Schemas;

/// <summary>The versions of JSON Schema that are known.</summary>
public enum SchemaDialect
{
    /// <summary>draft-04</summary>
    Draft4 = 4,

    /// <summary>draft-06</summary>
    Draft6 = 6,

    /// <summary>draft-07</summary>
    Draft7 = 7,

    /// <summary>2020-12</summary>
    Draft202012 = 202012,
}

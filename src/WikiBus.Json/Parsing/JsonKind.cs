namespace WikiBus.Json;

/// <summary>The kinds of JSON values.</summary>
public enum JsonKind : byte
{
    /// <summary>No value: a member is missing.</summary>
    None,

    /// <summary><c>null</c></summary>
    Null,

    /// <summary><c>false</c></summary>
    False,

    /// <summary><c>true</c></summary>
    True,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string.</summary>
    String,

    /// <summary>An array.</summary>
    Array,

    /// <summary>An object.</summary>
    Object,
}

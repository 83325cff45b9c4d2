namespace WikiBus.Schemas;

/// <summary>How the keyword <c>format</c> is checked.</summary>
public enum FormatRules
{
    /// <summary>Not checked: it is an annotation.</summary>
    Ignore,

    /// <summary>As in ajv 6's fast mode: 31 February is a date, <c>a@b</c> an e-mail address.</summary>
    Ajv,

    /// <summary>By the RFCs that JSON Schema names.</summary>
    Strict,
}

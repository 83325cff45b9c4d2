namespace WikiBus.Schemas;

/// <summary>How the keyword <c>format</c> is checked.</summary>
public enum FormatRules
{
    /// <summary>Not at all: it is an annotation.</summary>
    Ignore,

    /// <summary>As ajv 6 in fast mode: 31 February is a date, <c>a@b</c> an e-mail address.</summary>
    Ajv,

    /// <summary>As the RFCs that JSON Schema names.</summary>
    Strict,
}

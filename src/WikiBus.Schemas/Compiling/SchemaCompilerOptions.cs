namespace WikiBus.Schemas;

/// <summary>Settings of <see cref="SchemaCompiler"/>.</summary>
public sealed record SchemaCompilerOptions
{
    /// <summary>
    /// Gives the JSON text of a schema that a <c>$ref</c> or <c>$schema</c> names, by its URI without fragment
    /// (relative URIs such as <c>/fragment/common/1.0.0</c> stay relative); null when there is none. It is not called
    /// for the drafts' own metaschemas. <see cref="SchemaCompilation.MissingUris"/> lists what it does not give.
    /// Default: gives nothing.
    /// </summary>
    public Func<string, ReadOnlyMemory<byte>?> Resolve { get; init; } = static _ => null;

    /// <summary>
    /// The URI of a schema without <c>$id</c>: for references to it, and the base of relative references. Default
    /// empty.
    /// </summary>
    public string BaseUri { get; init; } = "";

    /// <summary>The dialect of a schema without <c>$schema</c>. Default draft-07, as in ajv 6.</summary>
    public SchemaDialect DefaultDialect { get; init; } = SchemaDialect.Draft7;

    /// <summary>How <c>format</c> is checked. Default: as ajv's fast mode, which EventGate uses.</summary>
    public FormatRules Formats { get; init; } = FormatRules.Ajv;

    /// <summary>
    /// True: an unknown format is a fault, <c>unknown format "x" is used in schema at path "#/…"</c>. Default true.
    /// </summary>
    public bool RefuseUnknownFormats { get; init; } = true;

    /// <summary>
    /// True: EventGate's security check. It is a fault when <c>pattern</c> or <c>format</c> has no <c>maxLength</c>
    /// beside it, <c>patternProperties</c> no <c>propertyNames</c> with one, or <c>uniqueItems</c> over containers no
    /// <c>maxItems</c>. Patterns that need backtracking and have no <c>maxLength</c> are always refused. Default false.
    /// </summary>
    public bool RefuseInsecure { get; init; }

    /// <summary>
    /// True: a missing member that has a <c>default</c> counts as given, as in EventGate. False: defaults do nothing,
    /// as in the specification. Default true.
    /// </summary>
    public bool FillDefaults { get; init; } = true;

    /// <summary>Most subschemas in one compiled schema, referenced documents included. Default 50,000.</summary>
    public int SubschemaCountMax { get; init; } = 50_000;
}

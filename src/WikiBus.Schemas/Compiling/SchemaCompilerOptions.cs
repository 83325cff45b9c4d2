namespace WikiBus.Schemas;

/// <summary>Settings of <see cref="SchemaCompiler"/>.</summary>
public sealed record SchemaCompilerOptions
{
    /// <summary>
    /// Gives the JSON text of a schema that a <c>$ref</c> or <c>$schema</c> names, by its URI without fragment
    /// (relative URIs as <c>/fragment/common/1.0.0</c> stay as they are); null when there is none. The drafts' own
    /// metaschemas are never asked for. What it does not give is listed by <see cref="SchemaCompilation.MissingUris"/>.
    /// Default: knows none.
    /// </summary>
    public Func<string, ReadOnlyMemory<byte>?> Resolve { get; init; } = static _ => null;

    /// <summary>
    /// The URI of the schema, for references to it and as the base of relative ones, when it has no <c>$id</c>. Default
    /// empty.
    /// </summary>
    public string BaseUri { get; init; } = "";

    /// <summary>What a schema without <c>$schema</c> is. Default draft-07, as ajv 6 has it.</summary>
    public SchemaDialect DefaultDialect { get; init; } = SchemaDialect.Draft7;

    /// <summary>How <c>format</c> is checked. Default as ajv's fast mode, which EventGate uses.</summary>
    public FormatRules Formats { get; init; } = FormatRules.Ajv;

    /// <summary>
    /// True: a format that is not known is a fault, <c>unknown format "x" is used in schema at path "#/…"</c>. Default
    /// true.
    /// </summary>
    public bool RefuseUnknownFormats { get; init; } = true;

    /// <summary>
    /// True: EventGate's security check, a fault when <c>pattern</c> or <c>format</c> has no <c>maxLength</c> beside
    /// it, <c>patternProperties</c> no <c>propertyNames</c> with one, or <c>uniqueItems</c> over containers no
    /// <c>maxItems</c>. Patterns that cannot run without backtracking and have no <c>maxLength</c> are refused in any
    /// case. Default false.
    /// </summary>
    public bool RefuseInsecure { get; init; }

    /// <summary>
    /// True: what a value lacks and has a <c>default</c> counts as given, as EventGate has it. False: defaults do
    /// nothing, as the specification has it. Default true.
    /// </summary>
    public bool FillDefaults { get; init; } = true;

    /// <summary>Most subschemas in one compiled schema, referenced documents included. Default 50,000.</summary>
    public int SubschemaCountMax { get; init; } = 50_000;
}

namespace WikiBus.Schemas;

/// <summary>A schema's text.</summary>
/// <param name="Utf8">The text as it was found.</param>
/// <param name="IsJson">True for JSON, false for YAML.</param>
/// <param name="Json">The same schema as JSON.</param>
public sealed record SchemaText(ReadOnlyMemory<byte> Utf8, bool IsJson, ReadOnlyMemory<byte> Json);

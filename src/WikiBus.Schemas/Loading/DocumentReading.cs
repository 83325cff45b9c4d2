namespace WikiBus.Schemas.Loading;

/// <summary>What the sources hold at a URI.</summary>
/// <param name="Document">The document; null when there is none that can be used.</param>
/// <param name="Failure">Why it could not be read, for the operator; null when it is plainly nowhere.</param>
internal readonly record struct DocumentReading(SchemaText? Document, string? Failure);

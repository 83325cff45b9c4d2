namespace WikiBus.Schemas.Sources;

/// <summary>The answer of a source: a text, none, or a failure.</summary>
/// <param name="Text">The text; null when there is none.</param>
/// <param name="Failure">Why a text that may exist could not be read, for the operator; null when it does not
/// exist.</param>
internal readonly record struct SourceReading(ReadOnlyMemory<byte>? Text, string? Failure)
{
    /// <summary>The source has no such text.</summary>
    public static SourceReading Missing => default;

    public static SourceReading Found(ReadOnlyMemory<byte> text) => new(text, null);

    public static SourceReading Failed(string failure) => new(null, failure);
}

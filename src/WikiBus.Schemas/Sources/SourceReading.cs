namespace WikiBus.Schemas.Sources;

/// <summary>What a source gave: a text, or nothing there, or a failure.</summary>
/// <param name="Text">The text; null when there is none.</param>
/// <param name="Failure">Why a text that may be there could not be read, for the operator; null when it is plainly not
/// there.</param>
internal readonly record struct SourceReading(ReadOnlyMemory<byte>? Text, string? Failure)
{
    /// <summary>The source has no such text.</summary>
    public static SourceReading Missing => default;

    public static SourceReading Found(ReadOnlyMemory<byte> text) => new(text, null);

    public static SourceReading Failed(string failure) => new(null, failure);
}

namespace WikiBus.Schemas.Formats;

/// <summary>True if a string's text (unescaped, valid UTF-8) has the format.</summary>
internal delegate bool FormatCheck(ReadOnlySpan<byte> text);

namespace WikiBus.Schemas.Patterns;

/// <summary>A text is not an ECMA-262 regular expression, or is not supported. It does not leave this folder.</summary>
internal sealed class PatternSyntaxException(string message) : Exception(message);

namespace WikiBus.Schemas.Patterns;

/// <summary>
/// A text is no ECMA-262 regular expression, or one that is not supported. It does not leave this folder.
/// </summary>
internal sealed class PatternSyntaxException(string message) : Exception(message);

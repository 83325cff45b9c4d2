namespace WikiBus.Json;

/// <summary>Why a text is not JSON.</summary>
/// <param name="Offset">Index of the byte at fault.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public readonly record struct JsonFault(int Offset, string Message);

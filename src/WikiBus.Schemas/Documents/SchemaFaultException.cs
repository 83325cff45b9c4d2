namespace WikiBus.Schemas.Documents;

/// <summary>
/// A schema cannot be compiled. Caught by <see cref="SchemaCompiler"/>; it does not leave the library.
/// </summary>
internal sealed class SchemaFaultException(string message) : Exception(message);

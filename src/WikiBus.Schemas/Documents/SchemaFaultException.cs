namespace WikiBus.Schemas.Documents;

/// <summary>
/// A schema cannot be compiled. <see cref="SchemaCompiler"/> catches it; it does not leave the library.
/// </summary>
internal sealed class SchemaFaultException(string message) : Exception(message);

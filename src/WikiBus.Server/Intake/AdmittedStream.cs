using WikiBus.Schemas;

namespace WikiBus.Server.Intake;

/// <summary>A stream that events of a schema may go into, whatever their wiki.</summary>
/// <param name="Name">The stream's name.</param>
/// <param name="Schema">The schema; null in <c>default</c>, which stands for none.</param>
internal readonly record struct AdmittedStream(string Name, CompiledSchema? Schema);

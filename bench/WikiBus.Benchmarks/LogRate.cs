namespace WikiBus.Benchmarks;

/// <summary>One run of a log.</summary>
/// <param name="RecordsPerSecond">By the clock.</param>
/// <param name="ProcessorMicroseconds">Processor time of this process for one record: steady on a busy machine.</param>
internal readonly record struct LogRate(double RecordsPerSecond, double ProcessorMicroseconds);

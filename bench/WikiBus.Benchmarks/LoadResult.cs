namespace WikiBus.Benchmarks;

/// <summary>What a run of wrk measured.</summary>
/// <param name="RequestsPerSecond">Answered requests.</param>
/// <param name="ProcessorMicroseconds">Processor time of the server per request, in user and system mode.</param>
/// <param name="P99Ms">The latency that 99 of 100 requests stay under.</param>
/// <param name="Refused">Answers that are neither 2xx nor 3xx.</param>
internal sealed record LoadResult(
    double RequestsPerSecond, double ProcessorMicroseconds, double P99Ms, long Refused);

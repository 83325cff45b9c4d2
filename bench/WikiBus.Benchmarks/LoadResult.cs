namespace WikiBus.Benchmarks;

/// <summary>What a run of wrk measured.</summary>
internal sealed record LoadResult(double RequestsPerSecond, double P50Ms, double P99Ms, long Refused);

using WikiBus.Benchmarks;

// One verb per table of ./bench.sh; the servers that are measured beside WikiBus run as verbs of their own process.
return args switch
{
    ["intake", .. var rest] => await IntakeBenchmark.RunAsync(rest),
    ["log"] => await LogBenchmark.RunAsync(),
    ["outbox"] => await OutboxBenchmark.RunAsync(),
    ["schemas"] => await SchemasBenchmark.RunAsync(),
    ["size"] => await SizeBenchmark.RunAsync(),
    ["schemas-run", var folder] => SchemasBenchmark.RunOnce(folder),
    ["streaming", .. var rest] => await StreamingBenchmark.RunAsync(rest),
    ["replay", .. var rest] => await ReplayBenchmark.RunAsync(rest),
    ["match"] => MatchBenchmark.Run(),
    ["webhooks"] => await WebhooksBenchmark.RunAsync(),
    ["serve-bare-receiver"] => await BareReceiver.RunAsync(),
    ["serve-bare-stream"] => await BareStreamServer.RunAsync(),
    ["serve-reference", var folder] => await ReferenceServer.RunAsync(folder),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "usage: WikiBus.Benchmarks intake | log | match | outbox | schemas | size | streaming | replay | webhooks | "
        + "schemas-run FOLDER | serve-…");
    return 2;
}

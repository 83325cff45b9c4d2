namespace WikiBus.Server.Deliveries.Tables;

/// <summary>The names of verdicts in JSON and metrics.</summary>
internal static class VerdictNames
{
    private static readonly Dictionary<Verdict, string> s_names = Enum.GetValues<Verdict>()
        .ToDictionary(static verdict => verdict, static verdict => verdict.ToString().ToLowerInvariant());

    public static string Of(Verdict verdict) => s_names[verdict];
}

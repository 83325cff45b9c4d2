namespace WikiBus.Server.Deliveries.Tables;

/// <summary>The names of verdicts in JSON and metrics.</summary>
internal static class VerdictNames
{
    private static readonly Dictionary<Verdict, string> s_names = Enum.GetValues<Verdict>()
        .ToDictionary(static verdict => verdict, static verdict => verdict.ToString().ToLowerInvariant());

    public static IEnumerable<string> All => s_names.Values;

    public static string Of(Verdict verdict) => s_names[verdict];

    /// <summary>The verdict with this name; null: there is none.</summary>
    public static Verdict? Find(string name)
    {
        foreach (var (verdict, known) in s_names)
        {
            if (known == name)
            {
                return verdict;
            }
        }

        return null;
    }
}

namespace WikiBus.Server.Options;

/// <summary>Where the process keeps what must survive.</summary>
internal static class DataDirectory
{
    public const string Key = "Hosting:Data";
    public const string Default = "./data";

    public static string Of(IConfiguration configuration) =>
        configuration[Key] is { Length: > 0 } path ? path : Default;
}

namespace WikiBus.Server.Hosting;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C before its work was done; the number that shells use for it.</summary>
    public const int Interrupted = 130;
}

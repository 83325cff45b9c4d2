using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Settings;

/// <summary>Distinguishes what the log throws where it cannot be read from defects of ours.</summary>
internal static class LogFault
{
    /// <summary>Whether a record or a file of the log is damaged, or the disk cannot read it.</summary>
    public static bool Is(Exception exception) => exception is LogDamagedException or IOException;
}

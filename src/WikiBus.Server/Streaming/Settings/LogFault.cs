using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Settings;

/// <summary>Tells what the log throws where it cannot be read from defects.</summary>
internal static class LogFault
{
    /// <summary>Is it a record or a file of the log that is damaged, or a disk that does not read?</summary>
    public static bool Is(Exception exception) =>
        exception is InvalidDataException or LogDamagedException or IOException;
}

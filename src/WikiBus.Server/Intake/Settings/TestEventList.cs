using System.Text;
using WikiBus.Json;

namespace WikiBus.Server.Intake.Settings;

/// <summary>The events of <c>GET /v1/_test/events</c>, from the configuration.</summary>
internal static class TestEventList
{
    /// <summary>Reads the setting as JSON text, or as the name of a file.</summary>
    /// <param name="setting">The option's value.</param>
    /// <param name="json">One event or a list of events; empty when the option is.</param>
    /// <param name="fault">Which value would be right; null when this one is.</param>
    public static bool TryRead(string setting, out ReadOnlyMemory<byte> json, out string? fault)
    {
        json = default;
        fault = null;
        if (string.IsNullOrWhiteSpace(setting))
        {
            return true;
        }

        try
        {
            json = setting.TrimStart() is ['{' or '[', ..]
                ? Encoding.UTF8.GetBytes(setting)
                : File.ReadAllBytes(setting);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = "an event or a list of events as JSON, or the name of a file that can be read is";
            return false;
        }

        if (new JsonTape().TryParse(json, out var where))
        {
            return true;
        }

        fault = $"JSON is: {where.Message} (byte {where.Offset})";
        return false;
    }
}

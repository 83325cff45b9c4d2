using System.Text;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Reading;

/// <summary>Writes events to standard output, one a line, and the server's notices to standard error.</summary>
internal sealed class TailOutput(StandardOutput output)
{
    private long _count;
    private string? _lastNotice;

    /// <summary>It is complete after this number of events.</summary>
    public long CountMax { get; init; } = long.MaxValue;

    /// <summary>Whether each line has the event's id, too.</summary>
    public bool HasIds { get; init; }

    public bool IsComplete => _count >= CountMax;

    public void Write(SseBlock block)
    {
        if (block.Data is not { } data)
        {
            return;
        }

        if (block.Event != SseBlock.DefaultEvent)
        {
            Report(block.Event, Encoding.UTF8.GetString(data));
            return;
        }

        var (before, after) = HasIds ? ($$"""{"id":{{block.Id ?? "null"}},"event":""", "}\n") : ("", "\n");
        output.Write(Encoding.UTF8.GetBytes(before));
        output.Write(data);
        output.Write(Encoding.UTF8.GetBytes(after));
        _count++;
        _lastNotice = null;
    }

    /// <summary>A connection that is tried again may get the same notice each time; it is said once.</summary>
    private void Report(string type, string text)
    {
        var notice = Echo.Printable($"{type}: {text}");
        if (notice == _lastNotice)
        {
            return;
        }

        _lastNotice = notice;
        Terminal.Say(type == "error"
            ? $"{notice}; trying again. If the log is damaged, stop the server and run wikibus log check."
            : notice);
    }

    public void Flush() => output.Flush();
}

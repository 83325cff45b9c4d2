using System.Text;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Reading;

/// <summary>Writes events to standard output, one a line, and the server's notices to standard error.</summary>
internal sealed class TailOutput(StandardOutput output)
{
    private long _count;

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
            Terminal.Say(Echo.Printable($"{block.Event}: {Encoding.UTF8.GetString(data)}"));
            return;
        }

        var (before, after) = HasIds ? ($$"""{"id":{{block.Id ?? "null"}},"event":""", "}\n") : ("", "\n");
        output.Write(Encoding.UTF8.GetBytes(before));
        output.Write(data);
        output.Write(Encoding.UTF8.GetBytes(after));
        _count++;
    }

    public void Flush() => output.Flush();
}

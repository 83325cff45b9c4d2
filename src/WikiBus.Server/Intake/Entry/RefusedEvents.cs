using System.Net;
using System.Text;
using WikiBus.Json;
using WikiBus.Server.Faults;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// Logs which events are refused, since many producers do not log the answers that they get. The same refusal is logged
/// once in a window of time, see <see cref="RecentFaults"/>. Safe for concurrent use.
/// </summary>
internal sealed class RefusedEvents(IntakeDiagnostics diagnostics, TimeProvider time)
{
    private const string UnknownStream = "unknown";

    private readonly RecentFaults _logged = new(time);

    /// <summary>Logs the refused events of a batch, each by sender, stream and reason.</summary>
    /// <param name="events">The events.</param>
    /// <param name="verdicts">The final verdicts on them.</param>
    /// <param name="origin">Who sent them.</param>
    public void Report(IReadOnlyList<JsonTapeValue> events, EventVerdicts verdicts, EventOrigin origin)
    {
        if (verdicts.InvalidCount + verdicts.ErrorCount == 0)
        {
            return;
        }

        var sender = Encoding.UTF8.GetString(origin.Publisher.Span);
        for (var index = 0; index < events.Count; index++)
        {
            if (verdicts.All[index] is { Status: not EventStatus.Accepted } verdict)
            {
                var named = Text(events[index]["meta"u8]["stream"u8]) ?? origin.Stream;
                var stream = Echo.OnOneLine(named ?? UnknownStream);
                var reason = Echo.OnOneLine(verdict.Reason ?? Violation(events[index], verdict));
                if (_logged.IsNew($"{sender} {stream} {reason}"))
                {
                    diagnostics.EventsRefused(sender, stream, reason);
                }
            }
        }
    }

    /// <summary>Logs a request whose events were all refused before they were read, by sender and status.</summary>
    public void Report(string sender, IPAddress address, int status, string reason)
    {
        // 503 is not a refusal: the producer sends the events again, and the metrics count it.
        if (status != StatusCodes.Status503ServiceUnavailable && _logged.IsNew($"{sender} {status}"))
        {
            diagnostics.RequestRefused(sender, address, status, Echo.OnOneLine(reason));
        }
    }

    private static string Violation(JsonTapeValue @event, in EventVerdict verdict)
    {
        var first = verdict.Violations![0];
        return $"'{first.DataPath}' {first.Message} (schema {Text(@event["$schema"u8])})";
    }

    private static string? Text(JsonTapeValue node) => node.Kind == JsonKind.String ? node.GetString() : null;
}

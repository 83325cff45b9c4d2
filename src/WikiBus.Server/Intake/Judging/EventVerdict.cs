using WikiBus.Schemas;

namespace WikiBus.Server.Intake.Judging;

/// <summary>What intake decided about one event of a batch.</summary>
/// <param name="Status">The decision.</param>
/// <param name="Event">The event as the answer repeats it, with the members that were filled in; any JSON.</param>
/// <param name="Message">What is wrong, with <see cref="EventStatus.Error"/>; else null.</param>
/// <param name="Reason">The same for the logging, short and mostly the same for similar events; else null.</param>
/// <param name="Violations">What is wrong, with <see cref="EventStatus.Invalid"/>; else null.</param>
internal readonly record struct EventVerdict(
    EventStatus Status, ReadOnlyMemory<byte> Event, string? Message, string? Reason,
    List<SchemaError>? Violations)
{
    public static EventVerdict Accept(ReadOnlyMemory<byte> @event) =>
        new(EventStatus.Accepted, @event, null, null, null);

    public static EventVerdict Refuse(ReadOnlyMemory<byte> @event, string message, string? reason = null) =>
        new(EventStatus.Error, @event, message, reason ?? message, null);

    public static EventVerdict Violate(ReadOnlyMemory<byte> @event, List<SchemaError> violations) =>
        new(EventStatus.Invalid, @event, null, null, violations);
}

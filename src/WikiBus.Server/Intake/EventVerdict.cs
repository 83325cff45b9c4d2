using WikiBus.Schemas;

namespace WikiBus.Server.Intake;

/// <summary>What became of one event of a request.</summary>
/// <param name="Status">Whether it is to be stored.</param>
/// <param name="Event">The event as an answer repeats it: as far as it was filled in. Any JSON value.</param>
/// <param name="Message">What is wrong, with <see cref="EventStatus.Error"/>; else null.</param>
/// <param name="Violations">What is wrong, with <see cref="EventStatus.Invalid"/>; else null.</param>
internal readonly record struct EventVerdict(
    EventStatus Status, ReadOnlyMemory<byte> Event, string? Message, List<SchemaError>? Violations)
{
    public static EventVerdict Accept(ReadOnlyMemory<byte> @event) => new(EventStatus.Accepted, @event, null, null);

    public static EventVerdict Refuse(ReadOnlyMemory<byte> @event, string message) =>
        new(EventStatus.Error, @event, message, null);

    public static EventVerdict Violate(ReadOnlyMemory<byte> @event, List<SchemaError> violations) =>
        new(EventStatus.Invalid, @event, null, violations);
}

using System.Globalization;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>Why a request's events could not be read.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">For people; part of the answer's body.</param>
internal sealed record BodyFault(int Status, string Message)
{
    public static BodyFault TooManyBytesInFlight { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "Not stored: too many bytes are in flight; repeat later");

    public static BodyFault TooSlow { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "Not stored: the body did not arrive in time; repeat later");

    /// <param name="option">The option that sets the limit.</param>
    /// <param name="limit">Its value.</param>
    public static BodyFault TooLarge(string option, long limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"request entity too large; the limit is {option} ({limit})"));

    public static BodyFault TooManyEvents(int limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"too many events; the limit is Intake:EventCountMax ({limit})"));

    // EventGate answers faults of the text with 500, and its clients know no other status for them.
    public static BodyFault Unreadable(string message) => new(StatusCodes.Status500InternalServerError, message);
}

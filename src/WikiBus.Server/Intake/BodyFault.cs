namespace WikiBus.Server.Intake;

/// <summary>Why no event of a request was looked at.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">For people; stands in the body of the answer.</param>
internal sealed record BodyFault(int Status, string Message)
{
    public static BodyFault TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "request entity too large");

    public static BodyFault TooManyEvents { get; } = new(StatusCodes.Status413PayloadTooLarge, "too many events");

    public static BodyFault TooManyBytesInFlight { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "Not stored: too many bytes are in flight; repeat later");

    public static BodyFault TooSlow { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "Not stored: the body did not arrive in time; repeat later");

    public static BodyFault JudgedTooSlowly { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        "Not stored: the events, or a schema of theirs, could not be read in time; repeat later");

    // Faults of the text are 500 since EventGate's are: its clients know no other status for them.
    public static BodyFault Unreadable(string message) => new(StatusCodes.Status500InternalServerError, message);
}

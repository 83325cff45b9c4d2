using System.Globalization;
using WikiBus.Server.Access;

namespace WikiBus.Server.Intake;

/// <summary>The status line and the body that answer a request, as EventGate's section 1.3 says.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">The reason phrase: EventGate's clients read it.</param>
/// <param name="Fault">A fault of the whole request, for the body; null: there is none.</param>
/// <param name="ListsEvents">True: the body lists the events that were not accepted.</param>
internal readonly record struct IntakeAnswer(int Status, string Reason, string? Fault = null, bool ListsEvents = false)
{
    private const int CachedCount = 128;

    private static readonly string[] s_accepted = [.. Enumerable.Range(0, CachedCount).Select(AcceptedReason)];

    public static IntakeAnswer Empty { get; } =
        new(StatusCodes.Status400BadRequest, "Request body was empty. Must provide JSON encoded events.");

    /// <summary>The answer to a request whose accepted events are stored.</summary>
    public static IntakeAnswer Of(int count, int invalid, int error)
    {
        var failed = invalid + error;
        var stored = count - failed;
        if (failed == 0)
        {
            return new IntakeAnswer(StatusCodes.Status201Created, Accepted(count));
        }

        if (invalid == count)
        {
            return Listing(
                StatusCodes.Status400BadRequest, $"{invalid} out of {count} events were invalid and not accepted.");
        }

        var kinds = string.Create(CultureInfo.InvariantCulture, $"({invalid} invalid and {error} errored).");
        return stored > 0
            ? Listing(
                StatusCodes.Status207MultiStatus,
                $"{stored} out of {count} events were accepted, but {failed} failed {kinds}")
            : Listing(
                StatusCodes.Status500InternalServerError,
                $"{failed} out of {count} events had failures and were not accepted. {kinds}");
    }

    public static IntakeAnswer Hasty(int count) => new(
        StatusCodes.Status202Accepted,
        string.Create(CultureInfo.InvariantCulture, $"{count} events hastily received."));

    public static IntakeAnswer Of(BodyFault fault) => new(
        fault.Status, fault.Status == StatusCodes.Status503ServiceUnavailable ? fault.Message : Phrase(fault.Status),
        fault.Message);

    public static IntakeAnswer Of(AppendAnswer append) =>
        new(StatusCodes.Status503ServiceUnavailable, append.Reason!, append.Reason);

    public static IntakeAnswer Unauthorized { get; } = new(
        StatusCodes.Status401Unauthorized, Phrase(StatusCodes.Status401Unauthorized),
        "A key with the role publish is needed, as Authorization: Bearer or query parameter apikey");

    public static IntakeAnswer InvalidKey { get; } = Unauthorized with { Fault = PresentedKey.InvalidKey };

    public static IntakeAnswer KeyWithoutScheme { get; } = Unauthorized with
    {
        Fault = "The key was sent without its scheme: Authorization: Bearer KEY is the form",
    };

    public static IntakeAnswer Forbidden { get; } = new(
        StatusCodes.Status403Forbidden, Phrase(StatusCodes.Status403Forbidden), "The key lacks the role publish");

    public static IntakeAnswer ExpectationFailed { get; } =
        new(StatusCodes.Status417ExpectationFailed, Phrase(StatusCodes.Status417ExpectationFailed));

    public static IntakeAnswer Failed { get; } = new(
        StatusCodes.Status500InternalServerError, Phrase(StatusCodes.Status500InternalServerError),
        "The request failed unexpectedly; the server's logging says why");

    private static IntakeAnswer Listing(int status, FormattableString reason) =>
        new(status, reason.ToString(CultureInfo.InvariantCulture), ListsEvents: true);

    private static string Accepted(int count) => count < CachedCount ? s_accepted[count] : AcceptedReason(count);

    private static string AcceptedReason(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"All {count} out of {count} events were accepted.");

    private static string Phrase(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

using System.Globalization;
using WikiBus.Server.Access;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Judging;

namespace WikiBus.Server.Intake.Answers;

/// <summary>The status line and the body of an answer, as EventGate's section 1.3 describes them.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">The reason phrase: EventGate's clients read it.</param>
/// <param name="Fault">A fault of the whole request, for the body; null: none.</param>
/// <param name="Verdicts">The body lists those events that were not accepted; null: it lists no events. They belong to
/// the batch, so the answer is sent before the batch is returned.</param>
internal readonly record struct IntakeAnswer(
    int Status, string Reason, string? Fault = null, EventVerdicts? Verdicts = null)
{
    private const int CachedCount = 128;

    private static readonly string[] s_accepted = [.. Enumerable.Range(0, CachedCount).Select(AcceptedReason)];

    public static IntakeAnswer Empty { get; } =
        new(StatusCodes.Status400BadRequest, "Request body was empty. Must provide JSON encoded events.");

    /// <summary>How many of the accepted events are duplicates, which are not stored again.</summary>
    public int Duplicates { get; init; }

    /// <summary>True: the answer was given before the events were judged.</summary>
    public bool IsHasty => Status == StatusCodes.Status202Accepted;

    /// <summary>The answer to a request whose accepted events are stored.</summary>
    public static IntakeAnswer Of(EventVerdicts verdicts)
    {
        var (count, invalid, error) = (verdicts.All.Count, verdicts.InvalidCount, verdicts.ErrorCount);
        var failed = invalid + error;
        var stored = count - failed;
        if (failed == 0)
        {
            return new IntakeAnswer(StatusCodes.Status201Created, Accepted(count));
        }

        if (invalid == count)
        {
            return Listing(
                verdicts, StatusCodes.Status400BadRequest,
                $"{invalid} out of {count} events were invalid and not accepted.");
        }

        var kinds = string.Create(CultureInfo.InvariantCulture, $"({invalid} invalid and {error} errored).");
        return stored > 0
            ? Listing(
                verdicts, StatusCodes.Status207MultiStatus,
                $"{stored} out of {count} events were accepted, but {failed} failed {kinds}")
            : Listing(
                verdicts, StatusCodes.Status500InternalServerError,
                $"{failed} out of {count} events had failures and were not accepted. {kinds}");
    }

    public static IntakeAnswer Hasty(int count) => new(
        StatusCodes.Status202Accepted,
        string.Create(CultureInfo.InvariantCulture, $"{count} events hastily received."));

    public static IntakeAnswer Of(BodyFault fault) => new(
        fault.Status, fault.Status == StatusCodes.Status503ServiceUnavailable ? fault.Message : Phrase(fault.Status),
        fault.Message);

    /// <summary>The answer to a request whose events are not stored, or perhaps not.</summary>
    public static IntakeAnswer NotStored(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, reason, reason);

    public static IntakeAnswer Unauthorized { get; } = new(
        StatusCodes.Status401Unauthorized, Phrase(StatusCodes.Status401Unauthorized),
        "A key with the role publish is needed, as Authorization: Bearer or query parameter apikey");

    public static IntakeAnswer InvalidKey { get; } = Unauthorized with { Fault = PresentedKey.InvalidKey };

    public static IntakeAnswer KeyNotJudged { get; } = NotStored(PresentedKey.NotJudged);

    public static IntakeAnswer KeyWithoutScheme { get; } = Unauthorized with
    {
        Fault = "The key was sent without its scheme: Authorization: Bearer KEY is the form",
    };

    public static IntakeAnswer Forbidden { get; } = new(
        StatusCodes.Status403Forbidden, Phrase(StatusCodes.Status403Forbidden), "The key lacks the role publish");

    public static IntakeAnswer OldAddress { get; } = new(
        StatusCodes.Status404NotFound, Phrase(StatusCodes.Status404NotFound),
        "Events are posted to /v1/events, not to /v1/topics");

    public static IntakeAnswer ExpectationFailed { get; } =
        new(StatusCodes.Status417ExpectationFailed, Phrase(StatusCodes.Status417ExpectationFailed));

    public static IntakeAnswer Failed { get; } = new(
        StatusCodes.Status500InternalServerError, Phrase(StatusCodes.Status500InternalServerError),
        "The request failed unexpectedly; the server's logging says why");

    private static IntakeAnswer Listing(EventVerdicts verdicts, int status, FormattableString reason) =>
        new(status, reason.ToString(CultureInfo.InvariantCulture), Verdicts: verdicts);

    private static string Accepted(int count) => count < CachedCount ? s_accepted[count] : AcceptedReason(count);

    private static string AcceptedReason(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"All {count} out of {count} events were accepted.");

    private static string Phrase(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

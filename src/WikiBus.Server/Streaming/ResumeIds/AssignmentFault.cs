using System.Text.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>
/// What is wrong with a client's last id, in the words of KafkaSSE, which clients of EventStreams may know.
/// </summary>
/// <param name="Status">400, or 404 for topics that the request did not name.</param>
/// <param name="Name">The error's class name.</param>
/// <param name="Message">For people.</param>
/// <param name="OriginalName">The class name of the error below it; null when there is none.</param>
/// <param name="Detail">The name of the member that shows the fault.</param>
/// <param name="Values">That member's value: one text, or a list.</param>
internal sealed record AssignmentFault(
    int Status, string Name, string Message, string? OriginalName, string Detail, IReadOnlyList<string> Values)
{
    /// <summary>Whether <see cref="Values"/> is a list.</summary>
    public bool IsList => Status == StatusCodes.Status404NotFound;

    /// <summary>Whether the only one of <see cref="Values"/> is a JSON text.</summary>
    public bool IsJson => string.Equals(Detail, "assignments", StringComparison.Ordinal);

    // KafkaSSE, too, has two spaces after "or".
    private const string Shapes = "Must provide either an array topic names, or  an array of objects with topic, "
        + "partition and offset|timestamp.";

    /// <summary>The id is not JSON.</summary>
    public static AssignmentFault NotJson(string id, string message) => new(
        StatusCodes.Status400BadRequest, "InvalidAssignmentError", message, "SyntaxError", "last_event_id",
        [Echo.Of(id)]);

    /// <summary>The id is JSON of another shape.</summary>
    /// <param name="id">A JSON text; its value is shown as it is, unless it is long.</param>
    public static AssignmentFault WrongShape(string id) => new(
        StatusCodes.Status400BadRequest, "InvalidAssignmentError", Shapes, "Error", "assignments",
        [id.Length <= Echo.LengthMax ? id : JsonSerializer.Serialize(Echo.Of(id))]);

    /// <summary>The id names topics that belong to none of the streams.</summary>
    public static AssignmentFault NotAvailable(IEnumerable<string> topics, IReadOnlyList<string> streams) => new(
        StatusCodes.Status404NotFound, "TopicNotAvailableError",
        $"Topics {string.Join(", ", topics.Select(Echo.Of))} are not available for consumption.", null,
        "availableTopics", streams);
}

namespace WikiBus.Producer.Deki;

/// <summary>The headers of an event, as Dream writes their names.</summary>
internal static class DreamHeaders
{
    public const string EventId = "X-Dream-Event-Id";
    public const string Channel = "X-Dream-Event-Channel";
    public const string Resource = "X-Dream-Event-Resource-Uri";

    /// <summary>One line for all origins, with commas between them.</summary>
    public const string Origin = "X-Dream-Event-Origin-Uri";
}

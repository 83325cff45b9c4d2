namespace WikiBus.Server.Streaming.Requests;

/// <summary>How a response carries events.</summary>
internal enum StreamFormat
{
    /// <summary><c>text/event-stream</c></summary>
    ServerSentEvents,

    /// <summary>One JSON text a line.</summary>
    JsonLines,
}

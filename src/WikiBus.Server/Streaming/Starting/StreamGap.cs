namespace WikiBus.Server.Streaming.Starting;

/// <summary>Records that a client may have missed.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="FromOffset">The first offset missed; null when that is unknown.</param>
/// <param name="ToOffset">The offset at which the stream continues.</param>
/// <param name="Reason"><see cref="Retention"/> or <see cref="ForeignId"/>.</param>
internal sealed record StreamGap(string Stream, long? FromOffset, long ToOffset, string Reason)
{
    /// <summary>Records were deleted by age or size before the client read them.</summary>
    public const string Retention = "retention";

    /// <summary>The client's id was made by another log, so the place was found by time only.</summary>
    public const string ForeignId = "foreign-id";
}

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>An event that is about to be sent.</summary>
/// <param name="RowId">Its row in <c>outbox</c>, or in <c>outbox_parked</c> if it is sent again.</param>
/// <param name="Index">Its place in the row, from 0.</param>
/// <param name="Bytes">The event.</param>
internal sealed record PendingEvent(long RowId, int Index, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>When it was parked first, if it is one that is sent again.</summary>
    public DateTimeOffset? ParkedAt { get; init; }
}

/// <summary>An event that a service refused.</summary>
/// <param name="Event">The event.</param>
/// <param name="Stream">Its stream, or its channel.</param>
/// <param name="Message">Why, in the words of the service.</param>
/// <param name="CanRetry">Whether the service may take the same event later.</param>
internal sealed record Refusal(PendingEvent Event, string Stream, string Message, bool CanRetry);

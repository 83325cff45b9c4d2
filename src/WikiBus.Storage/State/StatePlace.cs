namespace WikiBus.Storage.State;

/// <summary>Where a record stands whose value is not kept in memory.</summary>
internal sealed record StatePlace(StateSegment Segment, long Offset, int Length)
{
    /// <summary>Reads the value. False when the segment is gone: then the index names the value's new place.</summary>
    /// <exception cref="InvalidDataException">The record is damaged; says where.</exception>
    public bool TryReadValue(out byte[] value) => Segment.TryReadValue(Offset, Length, out value);
}

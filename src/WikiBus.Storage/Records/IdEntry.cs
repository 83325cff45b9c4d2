namespace WikiBus.Storage.Records;

/// <summary>One id that the log holds. Only 24 bytes, since memory holds many of them.</summary>
/// <param name="Key">Hash of stream and id.</param>
/// <param name="Content">The content hash as one word.</param>
/// <param name="Position">The record's position.</param>
/// <param name="IsConflict">True if another record had the same stream and id with other bytes when this one
/// came.</param>
internal readonly record struct IdEntry(ulong Key, ulong Content, long Position, bool IsConflict)
{
    private const long ConflictFlag = long.MinValue;

    private readonly long _place = Position | (IsConflict ? ConflictFlag : 0);

    public long Position => _place & ~ConflictFlag;

    public bool IsConflict => (_place & ConflictFlag) != 0;
}

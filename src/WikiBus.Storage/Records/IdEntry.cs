namespace WikiBus.Storage.Records;

/// <summary>One id that the log holds; 24 bytes, for there are many in memory.</summary>
/// <param name="Key">Hash of stream and id.</param>
/// <param name="Content">The content hash as one word.</param>
/// <param name="Position">The record.</param>
/// <param name="IsConflict">True if another record had the same stream and id with other bytes when this one
/// came.</param>
internal readonly record struct IdEntry(ulong Key, ulong Content, long Position, bool IsConflict)
{
    private const long ConflictFlag = long.MinValue;

    private readonly long _place = Position | (IsConflict ? ConflictFlag : 0);

    public long Position => _place & ~ConflictFlag;

    public bool IsConflict => (_place & ConflictFlag) != 0;
}

namespace WikiBus.Storage.Inspection;

/// <summary>
/// Counts the records that a repair may lose: every position that is in no record and may have been in one. Positions
/// that an intact segment never gave do not count.
/// </summary>
internal sealed class LossCount
{
    private long _count;
    private long _next;
    private bool _isHoleOpen;
    private bool _isUnknown;

    /// <summary>Never less than what is lost; null: unknown.</summary>
    public long? Max => _isUnknown ? null : _count;

    public void Begin(SegmentSlot slot)
    {
        Pass(slot.FirstPosition, mayHaveHadRecords: _isHoleOpen);
        _isHoleOpen = false;
    }

    /// <param name="position">Position of a record that stays.</param>
    /// <param name="isDamaged">Its segment is damaged: positions before it that are in no record may be lost.</param>
    public void Keep(long position, bool isDamaged = false)
    {
        Pass(position, isDamaged);
        _next = position + 1;
    }

    /// <param name="slot">The segment that ends.</param>
    /// <param name="isDamaged">It is damaged or missing.</param>
    /// <param name="endPosition">The position behind its last record; null: unknown.</param>
    public void End(SegmentSlot slot, bool isDamaged, long? endPosition)
    {
        _isUnknown |= endPosition is null;
        Pass(endPosition ?? _next, isDamaged);
        // Only its name shows where a segment without an intact byte began. If neither a seal nor the successor's
        // header shows where this one ended, its end may be cut off.
        _isHoleOpen = slot.Successor is { } next
            && (isDamaged || !next.IsIdentified || (!slot.Findings.IsSealed && next.Findings.IsDamaged));
    }

    /// <summary>Whether records may be lost up to the begin of the segment after this one, which has ended.</summary>
    public bool HasLostBehind(SegmentSlot slot) =>
        Max != 0 || (_isHoleOpen && slot.Successor!.FirstPosition > _next);

    private void Pass(long position, bool mayHaveHadRecords)
    {
        _count += mayHaveHadRecords ? Math.Max(0, position - _next) : 0;
        _next = Math.Max(_next, position);
    }
}

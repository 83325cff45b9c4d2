using System.Diagnostics;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// The positions of one stream's records in a segment by offset, as differences of variable length: one or two bytes
/// a record. Offsets and positions grow; both may have holes. Not safe for concurrent use.
/// </summary>
internal sealed class PositionList
{
    private byte[] _bytes;
    private int _length;

    public PositionList(long firstOffset, long firstPosition, byte[] differences)
    {
        FirstOffset = LastOffset = firstOffset;
        FirstPosition = LastPosition = firstPosition;
        _bytes = differences;
        _length = differences.Length;
    }

    public long FirstOffset { get; }

    public long FirstPosition { get; }

    public long LastOffset { get; set; }

    public long LastPosition { get; set; }

    /// <summary>Time of append of the first record.</summary>
    public required long FirstTimeMs { get; init; }

    /// <summary>Time of append of the last record.</summary>
    public long LastTimeMs { get; set; }

    /// <summary>
    /// Per record but the first: the step of the position, doubled, plus one if the step of the offset is not 1; then
    /// that step.
    /// </summary>
    public ReadOnlySpan<byte> Differences => _bytes.AsSpan(0, _length);

    public void Add(long offset, long position)
    {
        Debug.Assert(offset > LastOffset && position > LastPosition, "Offsets and positions grow.");
        var offsetStep = offset - LastOffset;
        var hasHole = offsetStep != 1;
        Put(((ulong)(position - LastPosition) << 1) | (hasHole ? 1UL : 0UL));
        if (hasHole)
        {
            Put((ulong)offsetStep);
        }

        LastOffset = offset;
        LastPosition = position;
    }

    /// <summary>Position of the first record with at least this offset; -1: there is none.</summary>
    public long Find(long offset)
    {
        if (offset > LastOffset)
        {
            return -1;
        }

        var (currentOffset, position) = (FirstOffset, FirstPosition);
        for (var at = 0; currentOffset < offset && at < _length;)
        {
            Step(ref at, ref position, ref currentOffset);
        }

        return position;
    }

    /// <summary>The first record at or after a position; null: there is none.</summary>
    public (long Position, long Offset)? FindFrom(long position)
    {
        if (position > LastPosition)
        {
            return null;
        }

        var (current, offset) = (FirstPosition, FirstOffset);
        for (var at = 0; current < position && at < _length;)
        {
            Step(ref at, ref current, ref offset);
        }

        return (current, offset);
    }

    private void Step(ref int at, ref long position, ref long offset)
    {
        var step = Take(ref at);
        position += (long)(step >> 1);
        offset += (step & 1) == 0 ? 1 : (long)Take(ref at);
    }

    private void Put(ulong value)
    {
        if (_length + 10 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(32, _bytes.Length * 2));
        }

        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_length++] = (byte)(value | 0x80);
        }

        _bytes[_length++] = (byte)value;
    }

    private ulong Take(ref int at)
    {
        ulong value = 0;
        for (var shift = 0; at < _length; shift += 7)
        {
            var part = _bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        return value;
    }
}

using System.Buffers;

namespace WikiBus.Server.Intake.Filling;

/// <summary>
/// Pooled memory for the small pieces of one batch: keys, channels, attributes, events with members spliced in. A piece
/// that <see cref="Take"/> returned stays in its place until <see cref="Clear"/>. Not safe for concurrent use.
/// </summary>
internal sealed class ByteArena : IBufferWriter<byte>, IDisposable
{
    private const int ChunkBytes = 8 * 1024;

    private readonly List<byte[]> _chunks = [];
    private byte[] _chunk = [];

    // The piece that is being written is _chunk[_start.._end]. It moves as a whole when its chunk is too small.
    private int _start;
    private int _end;

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _chunk.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _chunk.AsSpan(_end);
    }

    /// <summary>The piece that was written since the last call.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var piece = _chunk.AsMemory(_start, _end - _start);
        _start = _end;
        return piece;
    }

    /// <summary>Forgets everything; keeps one chunk for the next batch.</summary>
    public void Clear()
    {
        for (var index = 1; index < _chunks.Count; index++)
        {
            ArrayPool<byte>.Shared.Return(_chunks[index]);
        }

        if (_chunks.Count > 1)
        {
            _chunks.RemoveRange(1, _chunks.Count - 1);
        }

        _chunk = _chunks.Count == 0 ? [] : _chunks[0];
        _start = _end = 0;
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _chunks.Clear();
        _chunk = [];
        _start = _end = 0;
    }

    private void Reserve(int count)
    {
        if (_chunk.Length - _end >= count)
        {
            return;
        }

        var length = _end - _start;
        var chunk = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, (2 * length) + count));
        _chunk.AsSpan(_start, length).CopyTo(chunk);
        _chunks.Add(chunk);
        _chunk = chunk;
        _start = 0;
        _end = length;
    }
}

using System.Buffers;
using System.IO.Pipelines;

namespace WikiBus.Server.Commands.Reading;

/// <summary>
/// Reads the blocks of an event stream, each when the whole of it has come. A client that resumed by the id of half an
/// event would miss this event; .NET's own parser takes an id as soon as it has its line.
/// </summary>
internal sealed class SseReader(Stream body)
{
    private const int BufferBytes = 64 << 10;

    private readonly PipeReader _reader =
        PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));

    private SseBlock _block = SseBlock.Empty;

    /// <summary>The next block with an id or data; null at the end. Lines end with LF or CR LF.</summary>
    public async ValueTask<SseBlock?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            var block = TakeBlock(ref rest);
            _reader.AdvanceTo(rest.Start, block is null ? rest.End : rest.Start);
            if (block is not null || read.IsCompleted)
            {
                return block;
            }
        }
    }

    private SseBlock? TakeBlock(ref ReadOnlySequence<byte> rest)
    {
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end).ToArray();
            rest = rest.Slice(rest.GetPosition(1, end));
            if (line is not ([] or [(byte)'\r']))
            {
                _block = _block.With(line is [.., (byte)'\r'] ? line.AsSpan(..^1) : line);
                continue;
            }

            var block = _block;
            _block = SseBlock.Empty;
            if (block.Id is not null || block.Data is not null)
            {
                return block;
            }
        }

        return null;
    }
}

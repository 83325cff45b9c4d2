using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Sending;

/// <summary>
/// Reads events from a file or pipe as they come: JSON values one after the other, or in arrays, each byte for byte.
/// </summary>
internal sealed class EventFile(string name, Stream stream)
{
    private const int ReadBytes = 1 << 20;

    /// <summary>More than any event has: the server's own limit is lower.</summary>
    private const long EventBytesMax = 256L << 20;

    private const byte LineEnd = (byte)'\n';

    /// <summary>The bytes that separate two events.</summary>
    private static readonly byte[] s_separators = [.. " \t\r\n,"u8];

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    private JsonReaderState _state = new(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 2048 });
    private long _count;
    private long _line = 1;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The line of the event that was returned last, or of the incomplete event after it.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Which event of the file, from 1, is on <see cref="Line"/>.</summary>
    public long Number { get; private set; } = 1;

    /// <exception cref="CommandFault">
    /// The next text is not JSON, or cannot be read. The events before it were returned.
    /// </exception>
    public async IAsyncEnumerable<PostedEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(
            stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: ReadBytes / 4));
        var isFirst = true;
        while (true)
        {
            var result = await ReadPartAsync(reader, cancellationToken);
            var rest = isFirst ? WithoutMark(result.Buffer) : result.Buffer;
            isFirst = false;
            while (TryTake(ref rest, result.IsCompleted) is { } posted)
            {
                yield return posted;
            }

            BytesRead += result.Buffer.Length - rest.Length;
            reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                yield break;
            }

            if (rest.Length > EventBytesMax)
            {
                throw new CommandFault($"{name}: event {_count + 1} is larger than {EventBytesMax >> 20} MiB.");
            }
        }
    }

    private async ValueTask<ReadResult> ReadPartAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault(
                $"{name} line {Line}: the file cannot be read: {exception.GetBaseException().Message.TrimEnd('.')}.");
        }
    }

    /// <summary>
    /// The next whole event of the buffer; null when more must be read first. Skips the array around events.
    /// </summary>
    private PostedEvent? TryTake(ref ReadOnlySequence<byte> buffer, bool isFinal)
    {
        Line = _line + LinesBeforeText(buffer);
        Number = _count + 1;
        try
        {
            var reader = new Utf8JsonReader(buffer, isFinal, _state);
            while (reader.Read())
            {
                var isEdge = reader.CurrentDepth == 0
                    && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray;
                var start = reader.TokenStartIndex;
                if (!isEdge && !reader.TrySkip())
                {
                    return null;
                }

                var end = reader.BytesConsumed;
                var json = isEdge ? null : buffer.Slice(start, end - start).ToArray();
                Line = _line + Lines(buffer.Slice(0, start));
                _line = Line + (json is null ? 0 : json.AsSpan().Count(LineEnd));
                _state = reader.CurrentState;
                buffer = buffer.Slice(end);
                if (json is not null)
                {
                    return new PostedEvent(name, Line, ++_count, json);
                }

                Line = _line + LinesBeforeText(buffer);
                reader = new Utf8JsonReader(buffer, isFinal, _state);
            }

            return null;
        }
        catch (JsonException exception)
        {
            throw new CommandFault(
                $"{name}: event {_count + 1} is not JSON, line {exception.LineNumber + 1}: "
                + Reason(exception.Message));
        }
    }

    private static long Lines(ReadOnlySequence<byte> text)
    {
        var count = 0L;
        foreach (var part in text)
        {
            count += part.Span.Count(LineEnd);
        }

        return count;
    }

    /// <summary>The ends of lines before the next event begins.</summary>
    private static long LinesBeforeText(ReadOnlySequence<byte> text)
    {
        var reader = new SequenceReader<byte>(text);
        reader.AdvancePastAny(s_separators);
        return Lines(text.Slice(0, reader.Position));
    }

    /// <summary>
    /// The parser's message without its advice to programmers, and without its place, which counts lines from 0.
    /// </summary>
    private static string Reason(string message)
    {
        var text = message.Replace(" Change the reader options.", "", StringComparison.Ordinal);
        return text.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? text[..end] : text;
    }

    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> buffer)
    {
        var hasMark = buffer.Length >= s_byteOrderMark.Length
            && buffer.Slice(0, s_byteOrderMark.Length).ToArray().AsSpan().SequenceEqual(s_byteOrderMark);
        return hasMark ? buffer.Slice(s_byteOrderMark.Length) : buffer;
    }
}

using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>
/// Reads a request's body into one piece of memory: decompressed, within its limits, as UTF-8 without byte order mark.
/// </summary>
internal sealed class BodyReader(IntakeOptions options)
{
    private const int FirstBytes = 16 * 1024;

    private BodyFault TooLarge => BodyFault.TooLarge("Intake:BodyBytesMax", options.BodyBytesMax);

    /// <summary>Reads the body into the buffer; a fault says why it could not.</summary>
    public ValueTask<BodyFault?> ReadAsync(
        HttpContext context, BodyFormat format, BodyBuffer body, CancellationToken deadline)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            // The server's own limit would send its own answer, and does not count inflated bytes.
            feature.MaxRequestBodySize = null;
        }

        var length = context.Request.ContentLength;
        if (format.Compression == BodyCompression.None)
        {
            if (length > options.BodyBytesMax)
            {
                return new(TooLarge);
            }

            if (!TryMakeRoom(body, (int)(length ?? FirstBytes)))
            {
                return new(BodyFault.TooManyBytesInFlight);
            }

            // A small body mostly arrives with its headers: this reads it without the cost of waiting.
            if (context.Request.Headers.Expect.Count == 0 && context.Request.BodyReader.TryRead(out var start))
            {
                var fault = Take(context.Request.BodyReader, start, body);
                if (fault is not null || start.IsCompleted || body.Length == length)
                {
                    return new(fault ?? Finish(body, format));
                }
            }
        }

        return ReadSlowlyAsync(context, format, body, deadline);
    }

    private async ValueTask<BodyFault?> ReadSlowlyAsync(
        HttpContext context, BodyFormat format, BodyBuffer body, CancellationToken deadline)
    {
        // The read must not get the token: Kestrel's reader would stay in the read, and could not send the answer.
        var reader = context.Request.BodyReader;
        using var atDeadline = deadline.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), reader);
        var fault = format.Compression == BodyCompression.None
            ? await ReadPlainAsync(reader, body)
            : await InflateAsync(new DeadlineReader(reader).AsStream(leaveOpen: true), format.Compression, body);
        return fault ?? Finish(body, format);
    }

    private static BodyFault? Finish(BodyBuffer body, BodyFormat format)
    {
        if (body.Length > 0)
        {
            BodyText.MakeUtf8(body, format.Charset);
        }

        return null;
    }

    private async ValueTask<BodyFault?> ReadPlainAsync(PipeReader reader, BodyBuffer body)
    {
        while (true)
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            var fault = Take(reader, result, body);
            if (fault is not null || result.IsCompleted)
            {
                return fault;
            }
        }
    }

    /// <summary>Moves what was read into the buffer.</summary>
    private BodyFault? Take(PipeReader reader, in ReadResult result, BodyBuffer body)
    {
        var fault = result.IsCanceled ? BodyFault.TooSlow : Append(result.Buffer, body);
        reader.AdvanceTo(result.Buffer.End);
        return fault;
    }

    private BodyFault? Append(in ReadOnlySequence<byte> bytes, BodyBuffer body)
    {
        if (body.Length + bytes.Length > options.BodyBytesMax)
        {
            return TooLarge;
        }

        if (!TryMakeRoom(body, body.Length + (int)bytes.Length))
        {
            return BodyFault.TooManyBytesInFlight;
        }

        foreach (var piece in bytes)
        {
            body.Append(piece.Span);
        }

        return null;
    }

    private async ValueTask<BodyFault?> InflateAsync(
        Stream source, BodyCompression compression, BodyBuffer body)
    {
        await using var inflater = Inflater(source, compression);
        try
        {
            while (true)
            {
                // One byte more than allowed distinguishes a body that is too large from one that just fits.
                if (!TryMakeRoom(body, Math.Min(options.BodyBytesMax + 1, Math.Max(FirstBytes, body.Length + 1))))
                {
                    return BodyFault.TooManyBytesInFlight;
                }

                var count = await inflater.ReadAsync(body.Free, CancellationToken.None);
                body.Advance(count);
                if (body.Length > options.BodyBytesMax)
                {
                    return TooLarge;
                }

                if (count == 0)
                {
                    return null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return BodyFault.TooSlow;
        }
        catch (InvalidDataException)
        {
            return BodyFault.Unreadable("incorrect header check or unexpected end of file");
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            // The Brotli stream throws this for bytes that are not Brotli.
            return BodyFault.Unreadable("incorrect header check or unexpected end of file");
        }
    }

    private static Stream Inflater(Stream source, BodyCompression compression) => compression switch
    {
        BodyCompression.Gzip => new GZipStream(source, CompressionMode.Decompress, leaveOpen: true),
        BodyCompression.Deflate => new ZLibStream(source, CompressionMode.Decompress, leaveOpen: true),
        _ => new BrotliStream(source, CompressionMode.Decompress, leaveOpen: true),
    };

    private bool TryMakeRoom(BodyBuffer body, int length) => body.TryMakeRoom(length, options.BodyBytesMax + 1);
}

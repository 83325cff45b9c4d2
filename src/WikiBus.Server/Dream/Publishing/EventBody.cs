using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Dream.Publishing;

/// <summary>
/// The body of a published event: read whole, byte for byte. It counts among the bytes in flight until it is disposed.
/// Its memory is never used again, since the log may still read it after that. Not safe for concurrent use.
/// </summary>
/// <param name="bytesInFlight">Where it counts.</param>
/// <param name="bytesMax">Its most bytes.</param>
internal sealed class EventBody(BytesInFlight bytesInFlight, int bytesMax) : IDisposable
{
    private const int FirstBytes = 16 << 10;

    private byte[] _bytes = [];
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    private BodyFault TooLarge => BodyFault.TooLarge("Intake:EventBytesMax", bytesMax);

    /// <summary>Reads the body; a fault says why it could not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="deadline">Cancelled when the answer is due.</param>
    public async Task<BodyFault?> ReadAsync(HttpContext context, CancellationToken deadline)
    {
        // The server's own limit would send its own answer.
        BoundedBody.Lift(context.Request);
        var length = context.Request.ContentLength ?? Math.Min(FirstBytes, bytesMax);
        if (length > bytesMax)
        {
            return TooLarge;
        }

        try
        {
            return TryMakeRoom((int)length)
                ? await ReadPiecesAsync(context.Request, deadline)
                : BodyFault.TooManyBytesInFlight;
        }
        catch (ConnectionResetException)
        {
            // The web server would read the rest of the body, and log that it cannot.
            context.Abort();
            throw;
        }
        catch (BadHttpRequestException exception)
        {
            return new BodyFault(exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // Kestrel throws these for a chunk without a valid size, and for a trailer with a zero byte.
            return new BodyFault(StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    public void Dispose()
    {
        bytesInFlight.Release(_bytes.Length);
        _bytes = [];
    }

    private async Task<BodyFault?> ReadPiecesAsync(HttpRequest request, CancellationToken deadline)
    {
        // The read must not get the token: Kestrel's reader would stay in the read, and could not send the answer.
        var reader = request.BodyReader;
        await using var atDeadline = deadline.UnsafeRegister(
            static pipe => ((PipeReader)pipe!).CancelPendingRead(), reader);
        while (true)
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            var fault = result.IsCanceled ? BodyFault.TooSlow : Append(result.Buffer);
            reader.AdvanceTo(result.Buffer.End);
            if (fault is not null || result.IsCompleted)
            {
                return fault;
            }
        }
    }

    private BodyFault? Append(in ReadOnlySequence<byte> piece)
    {
        if (_length + piece.Length > bytesMax)
        {
            return TooLarge;
        }

        if (!TryMakeRoom(_length + (int)piece.Length))
        {
            return BodyFault.TooManyBytesInFlight;
        }

        piece.CopyTo(_bytes.AsSpan(_length));
        _length += (int)piece.Length;
        return null;
    }

    // Doubling keeps the copying linear.
    private bool TryMakeRoom(int length)
    {
        if (length <= _bytes.Length)
        {
            return true;
        }

        var wanted = Math.Max(length, (int)Math.Min(2L * _bytes.Length, bytesMax));
        if (!bytesInFlight.TryReserve(wanted - _bytes.Length))
        {
            return false;
        }

        Array.Resize(ref _bytes, wanted);
        return true;
    }
}

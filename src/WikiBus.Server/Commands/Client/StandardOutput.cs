using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Server.Commands.Client;

/// <summary>
/// Standard output, for data. A write throws <see cref="ReaderGoneException"/> when the reader of a pipe has gone:
/// <see cref="Console"/> hides that, so a verb that writes without end would never end.
/// </summary>
internal sealed class StandardOutput
{
    private const int BufferBytes = 64 << 10;
    private const int Descriptor = 1;
    private const int BrokenPipe = 32;

    private readonly BufferedStream _stream = new(Open(), BufferBytes);

    /// <summary>Writes bytes, at the latest at the next flush.</summary>
    /// <exception cref="ReaderGoneException">Nobody reads the output any more.</exception>
    /// <exception cref="CommandFault">The output cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Translate(exception);
        }
    }

    /// <summary>Writes a line, at the latest at the next flush.</summary>
    public void WriteLine(string line)
    {
        Write(Encoding.UTF8.GetBytes(line));
        Write("\n"u8);
    }

    /// <summary>Writes what is in the buffer.</summary>
    public void Flush()
    {
        try
        {
            _stream.Flush();
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Translate(exception);
        }
    }

    /// <summary>The message when standard output cannot be written, such as on a full disk.</summary>
    public static CommandFault Fault(Exception exception) =>
        new($"Standard output cannot be written: {exception.GetBaseException().Message.TrimEnd('.')}.");

    /// <summary>Whether a write failed. A closed descriptor arrives as a missing right.</summary>
    public static bool IsFault(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>
    /// A file goes through the console's stream: it moves the position that the file shares with other programs.
    /// </summary>
    private static Stream Open()
    {
        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    private static Exception Translate(Exception exception) => exception.HResult == BrokenPipe
        ? new ReaderGoneException(exception)
        : Fault(exception);
}

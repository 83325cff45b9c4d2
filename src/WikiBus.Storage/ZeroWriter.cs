using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage;

/// <summary>
/// Fills a part of a file with zeros past the page cache (<c>O_DIRECT</c>) where the machine and the file system can do
/// that: the cache would copy the zeros, and push out what is read. Elsewhere it writes them as any other bytes. Safe
/// for concurrent use on different files.
/// </summary>
internal static partial class ZeroWriter
{
    /// <summary>Memory, offset and length of a direct write are multiples of this on every usual device.</summary>
    private const int Alignment = 4096;

    private const int PieceBytes = 256 * 1024;

    private const int GetFlags = 3; // F_GETFL
    private const int SetFlags = 4; // F_SETFL
    private const int InvalidArgument = 22; // EINVAL: what a file system says that has no direct writes

    private static readonly byte[] Memory = GC.AllocateArray<byte>(PieceBytes + Alignment, pinned: true);

    /// <summary>O_DIRECT of Linux; 0 where it is not known.</summary>
    private static int DirectFlag => !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x4000,
        Architecture.Arm64 => 0x10000,
        _ => 0,
    };

    public static void Write(SafeFileHandle file, long offset, int length)
    {
        var flags = DirectFlag == 0 || (offset | (uint)length) % Alignment != 0 ? -1 : Control(file, GetFlags, 0);
        var isDirect = flags >= 0 && Control(file, SetFlags, flags | DirectFlag) == 0;
        try
        {
            WritePieces(file, offset, length);
        }
        catch (IOException fault) when (isDirect && fault.HResult == InvalidArgument)
        {
            Control(file, SetFlags, flags);
            isDirect = false;
            WritePieces(file, offset, length);
        }
        finally
        {
            if (isDirect)
            {
                Control(file, SetFlags, flags);
            }
        }
    }

    private static void WritePieces(SafeFileHandle file, long offset, int length)
    {
        for (var written = 0; written < length; written += PieceBytes)
        {
            RandomAccess.Write(file, Zeros(Math.Min(PieceBytes, length - written)), offset + written);
        }
    }

    private static ReadOnlySpan<byte> Zeros(int length)
    {
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(Memory, 0);
        return Memory.AsSpan((int)((Alignment - (address % Alignment)) % Alignment), length);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}

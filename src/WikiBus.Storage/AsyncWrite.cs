using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage;

/// <summary>
/// One write that the system does while the caller goes on (Linux's <c>io_submit</c>, which needs no thread for a file
/// that was opened with <c>O_DIRECT</c>). Not safe for concurrent use.
/// </summary>
internal sealed unsafe partial class AsyncWrite
{
    private const int Interrupted = 4; // EINTR
    private const ushort Write = 1; // IOCB_CMD_PWRITE

    /// <summary>Taken back and used again: to end one, the system waits for milliseconds.</summary>
    private static readonly ConcurrentBag<AsyncWrite> Unused = [];

    private readonly nint _context;

    private AsyncWrite(nint context) => _context = context;

    /// <summary>One that nobody uses; null where the system has none.</summary>
    public static AsyncWrite? TryTake()
    {
        if (Unused.TryTake(out var unused))
        {
            return unused;
        }

        nint context = 0;
        return SystemCalls.AreKnown && SystemCall(SystemCalls.Setup, 1, (nint)(&context), 0, 0, 0) == 0
            ? new AsyncWrite(context)
            : null;
    }

    /// <summary>Lets others use it; no write may be under way.</summary>
    public void GiveBack() => Unused.Add(this);

    /// <summary>False, with nothing begun, if the system refuses.</summary>
    /// <param name="file">Opened with <c>O_DIRECT</c>.</param>
    /// <param name="offset">Where to write.</param>
    /// <param name="pages">Must not change until the end.</param>
    /// <param name="length">So many of its bytes.</param>
    public bool TryBegin(SafeFileHandle file, long offset, PageBuffer pages, int length)
    {
        fixed (byte* bytes = pages.Bytes)
        {
            var block = new ControlBlock
            {
                Opcode = Write,
                File = (uint)file.DangerousGetHandle(),
                Bytes = (ulong)bytes,
                Length = (ulong)length,
                Offset = offset,
            };
            var blocks = &block;
            return SystemCall(SystemCalls.Submit, _context, 1, (nint)(&blocks), 0, 0) == 1;
        }
    }

    /// <summary>Waits for what was begun. False if not all <paramref name="length"/> bytes were written.</summary>
    public bool TryEnd(int length)
    {
        Completion completion = default;
        while (SystemCall(SystemCalls.GetEvents, _context, 1, 1, (nint)(&completion), 0) != 1)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException("io_getevents failed.", Marshal.GetLastPInvokeError());
            }
        }

        return completion.Result == length;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    /// <summary>The calls' numbers, which differ between processors.</summary>
    private static class SystemCalls
    {
        private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

        public static bool AreKnown => OperatingSystem.IsLinux()
            && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

        public static nint Setup => IsArm ? 0 : 206;

        public static nint Submit => IsArm ? 2 : 209;

        public static nint GetEvents => IsArm ? 4 : 208;
    }

    /// <summary>The system's <c>struct iocb</c>, on a processor that has the low byte first.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ControlBlock
    {
        public ulong Data;
        public uint Key;
        public uint Flags;
        public ushort Opcode;
        public short Priority;
        public uint File;
        public ulong Bytes;
        public ulong Length;
        public long Offset;
        public ulong Reserved;
        public uint MoreFlags;
        public uint ResultFile;
    }

    /// <summary>The system's <c>struct io_event</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Completion
    {
        public ulong Data;
        public ulong Block;
        public long Result;
        public long MoreResult;
    }
}

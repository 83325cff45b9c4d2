using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WikiBus.Storage.Files;

/// <summary>The numbers of device and inode, which the framework does not give (<c>statx</c>).</summary>
internal static partial class LinuxFileIdentity
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int Unsynchronized = 0x4000; // AT_STATX_DONT_SYNC: never waits for a server
    private const uint Inode = 0x100; // STATX_INO
    private const int AnswerLength = 256; // struct statx, the same on all machines
    private const int InodeAt = 32;
    private const int DeviceAt = 136; // two numbers of 4 bytes

    /// <summary>Null if nothing has this path.</summary>
    public static UInt128? Find(string path)
    {
        Span<byte> answer = stackalloc byte[AnswerLength];
        return Stat(CurrentDirectory, path, Unsynchronized, Inode, ref MemoryMarshal.GetReference(answer)) == 0
            ? new UInt128(
                BinaryPrimitives.ReadUInt64LittleEndian(answer[DeviceAt..]),
                BinaryPrimitives.ReadUInt64LittleEndian(answer[InodeAt..]))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int directory, string path, int flags, uint mask, ref byte answer);
}

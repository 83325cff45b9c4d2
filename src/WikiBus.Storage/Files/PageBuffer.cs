using System.Runtime.InteropServices;

namespace WikiBus.Storage;

/// <summary>
/// Memory of a fixed place that begins at a page's boundary, as
/// <see cref="IStorageFile.WritePages(long, ReadOnlySpan{byte})"/> takes it. Not safe for concurrent use.
/// </summary>
public sealed class PageBuffer
{
    /// <summary>
    /// Bytes of a page: memory, offset and length of a write past the page cache are multiples of this on every usual
    /// device.
    /// </summary>
    public const int PageLength = 4096;

    private readonly Memory<byte> _memory;

    /// <param name="length">A multiple of <see cref="PageLength"/>.</param>
    public PageBuffer(int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length + PageLength, pinned: true);
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        _memory = bytes.AsMemory((int)((PageLength - (address % PageLength)) % PageLength), length);
    }

    /// <summary>All of it; what it holds at first is not defined.</summary>
    public Span<byte> Bytes => _memory.Span;

    /// <summary>Where the page of an offset begins.</summary>
    public static long PageStart(long offset) => offset & -PageLength;

    /// <summary>The least number of whole pages' bytes that hold <paramref name="length"/>.</summary>
    public static int WholePages(int length) => (int)WholePages((long)length);

    /// <inheritdoc cref="WholePages(int)" />
    public static long WholePages(long length) => PageStart(length + PageLength - 1);
}

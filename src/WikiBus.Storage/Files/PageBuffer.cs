using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WikiBus.Storage;

/// <summary>
/// Pinned memory that begins at a page's boundary, as <see cref="IStorageFile.WritePages(long, ReadOnlySpan{byte})"/>
/// needs it. Not safe for concurrent use.
/// </summary>
public sealed class PageBuffer
{
    /// <summary>
    /// Bytes of a page. A write past the page cache needs its memory, offset and length in multiples of this; every
    /// usual device accepts it.
    /// </summary>
    public const int PageLength = 4096;

    private readonly Memory<byte> _memory;

    /// <param name="length">A multiple of <see cref="PageLength"/>.</param>
    public PageBuffer(int length)
    {
        Debug.Assert(length % PageLength == 0, "The memory has whole pages.");
        var bytes = GC.AllocateUninitializedArray<byte>(length + PageLength, pinned: true);
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        _memory = bytes.AsMemory((int)((PageLength - (address % PageLength)) % PageLength), length);
    }

    /// <summary>The whole memory. Its first content is undefined.</summary>
    public Span<byte> Bytes => _memory.Span;

    /// <summary>Where the page of an offset begins.</summary>
    public static long PageStart(long offset) => offset & -PageLength;

    /// <summary><paramref name="length"/>, rounded up to whole pages, in bytes.</summary>
    public static int WholePages(int length) => (int)WholePages((long)length);

    /// <inheritdoc cref="WholePages(int)" />
    public static long WholePages(long length) => PageStart(length + PageLength - 1);
}

using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>
/// The frame behind the last one of a segment whose successor is in use. It is durable before the successor's first
/// record is, so a log that ends with a seal has lost a segment, and the positions in it must not be given again. It
/// follows the end that the successor's header names, so nobody reads it unless the successor is missing.
/// </summary>
internal static class SegmentSeal
{
    /// <summary>
    /// Writes the seal of a segment and makes it durable, also if it is there already: after a flush that failed the
    /// system takes it for clean, and a power loss may still take it.
    /// </summary>
    /// <param name="file">The segment.</param>
    /// <param name="header">Its header.</param>
    /// <param name="endOffset">Where its frames end.</param>
    /// <param name="nextPosition">The successor's first position.</param>
    /// <returns>Where the seal ends.</returns>
    public static long Write(IStorageFile file, SegmentHeader header, long endOffset, long nextPosition)
    {
        var seal = new FrameBuffer(0).Finish(FrameKind.Seal, nextPosition, endOffset, header.Salt).Span;
        file.Write(endOffset, seal);
        file.Flush("seal");
        return endOffset + seal.Length;
    }

    /// <summary>True if there is an intact seal at an offset.</summary>
    public static bool IsAt(IStorageFile file, long offset, ulong salt)
    {
        Span<byte> bytes = stackalloc byte[FrameHeader.FixedLength];
        var length = file.Read(offset, bytes);
        return FrameHeader.TryRead(bytes[..length], offset, salt, out var frame) == FrameStatus.Valid
            && frame.Kind == FrameKind.Seal;
    }
}

using System.Buffers.Binary;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>
/// Finds out which segment each file of a log holds. A file may have been copied, or exchanged with another, so its
/// name counts last. A file of another log holds none. For the others:
/// 1. an intact header names the segment;
/// 2. the salt of the frames is that of a segment with an intact header;
/// 3. the first intact frame has a position, which belongs to one of the segments that names and headers show;
/// 4. the name.
/// </summary>
internal sealed class SegmentFinder(IFileSystem files, string directory)
{
    private const int SaltAt = 56;

    /// <summary>All files with a segment's name, ordered by the numbers in their names.</summary>
    public List<FoundFile> Find()
    {
        var found = new List<FoundFile>();
        foreach (var name in files.ListFiles(directory).Order(StringComparer.Ordinal))
        {
            if (SegmentName.TryParse(name, out var number, out var firstPosition))
            {
                found.Add(Read(Path.Combine(directory, name), number, firstPosition));
            }
        }

        found.Sort(static (left, right) => left.NumberInName.CompareTo(right.NumberInName));
        foreach (var file in LogOrigin.FindForeign(found, static file => file.Header) ?? [])
        {
            (file.IsForeign, file.Number) = (true, null);
        }

        var own = found.FindAll(static file => !file.IsForeign);
        foreach (var file in own.Where(static file => file.PositionInFrame is not null))
        {
            Place(file, own);
        }

        return found;
    }

    private FoundFile Read(string path, long number, long firstPosition)
    {
        try
        {
            using var file = files.Open(path, StorageFileMode.Read);
            var bytes = new byte[SegmentHeader.Length];
            var status = SegmentHeader.TryRead(bytes.AsSpan(0, file.Read(0, bytes)), out var header);
            var salt = status == SegmentHeaderStatus.Invalid ? FindSalt(file, bytes, number) : header?.Salt;
            return new FoundFile
            {
                Path = path,
                NumberInName = number,
                PositionInName = firstPosition,
                Length = file.Length,
                Status = status,
                Header = header,
                Salt = salt,
                PositionInFrame = header is null && salt is { } known ? FirstPositionIn(file, known) : null,
                Number = header?.Number ?? number,
                FirstPosition = header?.FirstPosition ?? firstPosition,
            };
        }
        catch (IOException exception)
        {
            return new FoundFile
            {
                Path = path,
                NumberInName = number,
                PositionInName = firstPosition,
                Fault = exception.Message,
                Number = number,
                FirstPosition = firstPosition,
            };
        }
    }

    /// <summary>
    /// The salt of a segment with a damaged header. A payload may contain a frame with a salt of its own choice, so the
    /// places that no payload reaches come first: the salt's bytes in the header, then the index file.
    /// </summary>
    private ulong? FindSalt(IStorageFile file, byte[] header, long number)
    {
        ulong?[] likely =
        [
            BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(SaltAt)),
            SegmentIndexFile.TryRead(files, directory, number, salt: null)?.Salt,
        ];
        return likely.FirstOrDefault(salt => salt is not null
                && FrameSearch.FindHeader(file, SegmentHeader.Length, file.Length, salt) >= 0)
            ?? FrameSearch.FindSalt(file, SegmentHeader.Length, file.Length);
    }

    private static long? FirstPositionIn(IStorageFile file, ulong salt)
    {
        var at = FrameSearch.FindHeader(file, SegmentHeader.Length, file.Length, salt);
        var scanner = new FrameScanner(file, at, file.Length, salt);
        var frame = scanner.Next() ? scanner.Frame : scanner.DamagedFrame;
        // A seal has the position of the next segment.
        return frame?.Kind is FrameKind.Records or FrameKind.StreamTable ? frame.Value.FirstPosition : null;
    }

    private static void Place(FoundFile file, List<FoundFile> found)
    {
        if (found.Find(other => other.Header?.Salt == file.Salt) is { } same)
        {
            (file.Number, file.FirstPosition) = (same.Number, same.FirstPosition);
            return;
        }

        var position = file.PositionInFrame!.Value;
        var starts = found.Select(static other => (Position: other.PositionInName, Number: other.NumberInName))
            .Concat(found.Where(static other => other.Header is not null)
                .Select(static other => (Position: other.FirstPosition, Number: other.Header!.Number)))
            .ToList();
        var before = starts.FindAll(start => start.Position <= position);
        if (before.Count == 0)
        {
            file.Number = null;
            return;
        }

        var (start, number) = before.Max();
        number = start == file.PositionInName ? file.NumberInName : number;
        if (IsHeld(number, found))
        {
            // That segment has another salt. So this is the one after it, which no name shows.
            (start, number) = (position, number + 1);
        }

        (file.Number, file.FirstPosition) = (IsHeld(number, found) ? null : number, start);
    }

    private static bool IsHeld(long number, List<FoundFile> found) =>
        found.Exists(file => file.Header?.Number == number);
}

using System.Globalization;
using System.Runtime.CompilerServices;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// The files of a state store: <c>NUMBER.changes</c>, and <c>NUMBER.snapshot</c>, which holds all that the changes of
/// smaller numbers led to. What ends in <c>.new</c> was never finished.
/// </summary>
internal sealed class StateDirectory(string path, IFileSystem files)
{
    private const string TemporarySuffix = ".new";

    public string PathOf(SegmentKind kind, long number) =>
        Path.Combine(path, number.ToString("D20", CultureInfo.InvariantCulture) + SuffixOf(kind));

    /// <summary>The numbers of the files of a kind, ascending.</summary>
    public IReadOnlyList<long> Numbers(SegmentKind kind)
    {
        var numbers = new List<long>();
        foreach (var name in files.ListFiles(path))
        {
            if (name.EndsWith(SuffixOf(kind), StringComparison.Ordinal)
                && long.TryParse(name.AsSpan(0, name.IndexOf('.')), CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    /// <summary>
    /// Creates a segment under its final name. When this returns, name, header and content are durable; when it throws,
    /// a file of that name may be there or not, and must not be passed over: the next attempt replaces it.
    /// </summary>
    /// <param name="header">The header to write.</param>
    /// <param name="fill">Writes what the segment holds at first, and returns where that ends.</param>
    /// <remarks>Not inlined: the durability suite takes this flush away by the name of its caller.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public StateSegment Create(SegmentHeader header, Func<IStorageFile, long> fill)
    {
        var final = PathOf(header.Kind, header.Number);
        var temporary = final + TemporarySuffix;
        files.Delete(temporary);
        long end;
        using (var file = files.Open(temporary, StorageFileMode.CreateNew))
        {
            Span<byte> bytes = stackalloc byte[SegmentHeader.Length];
            header.Write(bytes);
            file.Write(0, bytes);
            end = fill(file);
            file.Flush();
        }

        files.Rename(temporary, final);
        files.FlushDirectory(path);
        return new StateSegment(final, files.Open(final, StorageFileMode.ReadWrite), header) { End = end };
    }

    public StateSegment Open(SegmentKind kind, long number)
    {
        var segmentPath = PathOf(kind, number);
        var file = files.Open(segmentPath, StorageFileMode.ReadWrite);
        try
        {
            return new StateSegment(segmentPath, file, ReadHeader(segmentPath, file, kind, number));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes the names of all files durable as they are now.</summary>
    /// <remarks>Not inlined: the durability suite takes this flush away by the name of its caller.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FlushNames() => files.FlushDirectory(path);

    /// <summary>Deletes what was never finished, and what a snapshot of this number replaces.</summary>
    public void DeleteLeftovers(long snapshotNumber)
    {
        foreach (var name in files.ListFiles(path))
        {
            if (name.EndsWith(TemporarySuffix, StringComparison.Ordinal))
            {
                files.Delete(Path.Combine(path, name));
            }
        }

        foreach (var kind in (ReadOnlySpan<SegmentKind>)[SegmentKind.StateChanges, SegmentKind.StateSnapshot])
        {
            foreach (var number in Numbers(kind).Where(number => number < snapshotNumber))
            {
                files.Delete(PathOf(kind, number));
            }
        }
    }

    public IDisposable Lock() => files.Lock(Path.Combine(path, "lock"));

    public long FreeBytes() => files.FreeBytes(path);

    private static string SuffixOf(SegmentKind kind) => kind == SegmentKind.StateSnapshot ? ".snapshot" : ".changes";

    private static SegmentHeader ReadHeader(string path, IStorageFile file, SegmentKind kind, long number)
    {
        var status = SegmentHeader.TryRead(file, out var header);
        return status switch
        {
            SegmentHeaderStatus.Newer => throw new LogDamagedException(
                $"{path} was written by a newer version of WikiBus; use that version."),
            SegmentHeaderStatus.Valid when header!.Kind == kind && header.Number == number => header,
            _ => throw new LogDamagedException(
                $"{path} is damaged in bytes 0 to {SegmentHeader.Length} (its header); "
                + "restore the state from a backup."),
        };
    }
}

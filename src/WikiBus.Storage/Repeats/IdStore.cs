using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Finds the ids of any segment: in memory for the one that is appended to and for those whose files are not written
/// yet; else in its id file; else by walking the segment, after which the file is written again. Safe for concurrent
/// use.
/// </summary>
internal sealed class IdStore(
    IFileSystem files,
    string directory,
    IndexStore indexes,
    Action<LogNotice>? onNotice,
    int openFilesMax = IdFileCache.FilesMax) : IDisposable
{
    private readonly CompanionFiles _companions = new(files, directory, "id file", SegmentName.OfIds, onNotice);
    private readonly IdFileCache _openFiles = new(files, directory, openFilesMax);
    private readonly IdsInFile _idsInFile = new(files, directory);

    /// <summary>
    /// Adds the positions of a segment's records whose id has this hash; false if its id file cannot be read and must
    /// be made again. Never walks the segment.
    /// </summary>
    public bool TryFind(Segment segment, ulong key, List<long> positions)
    {
        if (indexes.FindKept(segment) is not { } contents)
        {
            return _openFiles.TryFind(segment, key, positions);
        }

        if (!_idsInFile.TryFind(contents, key, positions))
        {
            return false;
        }

        positions.AddRange(contents.Ids.InMemory.Where(entry => entry.Key == key).Select(entry => entry.Position));
        return true;
    }

    /// <summary>All ids of a segment, in no order; the caller's own copy.</summary>
    /// <exception cref="LogDamagedException">They are in no file, and the segment is damaged; says where.</exception>
    public IdEntry[] Load(Segment segment)
    {
        if (indexes.FindKept(segment) is { } kept)
        {
            return ReadAll(kept);
        }

        if (TryReadFile(segment) is { } ids)
        {
            return ids;
        }

        lock (_companions.Making)
        {
            // Another thread may have made the file already.
            if (TryReadFile(segment) is { } made)
            {
                return made;
            }

            var contents = SegmentContents.Read(segment, segment.EndOffset);
            Write(contents);
            return [.. contents.Ids.InMemory];
        }
    }

    /// <summary>
    /// Drops from memory what the id file of the segment that grows holds. It is read from there when the file is
    /// written again. Only for the thread that appends to the segment.
    /// </summary>
    public void LeaveInFile(Segment segment) => indexes.FindKept(segment)?.Ids.LeaveInFile();

    /// <summary>How many ids a segment has.</summary>
    public int Count(Segment segment)
    {
        if (indexes.FindKept(segment) is { } contents)
        {
            return contents.Ids.Count;
        }

        try
        {
            using var reader = IdFileCache.TryOpen(files, directory, segment);
            if (reader is not null)
            {
                return reader.Count;
            }
        }
        catch (IOException)
        {
            // Loading makes the file again.
        }

        return Load(segment).Length;
    }

    /// <summary>The times of a sealed segment's events.</summary>
    public EventTimes TimesOf(Segment segment)
    {
        if (indexes.FindKept(segment) is { } contents)
        {
            return contents.Times;
        }

        try
        {
            using var reader = IdFileCache.TryOpen(files, directory, segment);
            return reader?.Times ?? EventTimes.Unknown;
        }
        catch (Exception exception) when (exception is IOException or LogDamagedException)
        {
            return EventTimes.Unknown;
        }
    }

    /// <summary>
    /// Makes the id file of a sealed segment by walking it; false if it could not be written, and a notice says why.
    /// </summary>
    /// <exception cref="IOException">The segment cannot be read.</exception>
    /// <exception cref="LogDamagedException">The segment is damaged; says where.</exception>
    public bool TryMakeAgain(Segment segment)
    {
        lock (_companions.Making)
        {
            return Write(SegmentContents.Read(segment, segment.EndOffset));
        }
    }

    /// <summary>
    /// The contents of the segment that is appended to, as they were written at the last stop; null if no files fit.
    /// </summary>
    public SegmentContents? TryReadCheckpoint(Segment segment)
    {
        using var ids = IdFileReader.TryOpen(files, _companions.PathOf(segment.Number), segment.Header);
        var index = indexes.TryRead(segment);
        return index is not null && index.EndOffset == ids?.EndOffset && ids.ReadAll() is { } entries
            ? new SegmentContents(segment.Header, index, new SegmentIds(entries, ids.EndOffset), ids.Times)
            : null;
    }

    /// <summary>
    /// Writes both files of a segment that nobody appends to, and drops its contents from memory. The ids come first:
    /// they are looked up in memory until the index is written.
    /// </summary>
    public void WriteWithIndex(SegmentContents contents)
    {
        Write(contents);
        indexes.Write(contents);
    }

    /// <summary>
    /// Writes the id file of a segment that nobody appends to; false if that failed, and a notice says why.
    /// </summary>
    public bool Write(SegmentContents contents)
    {
        var number = contents.Header.Number;
        lock (_companions.Making)
        {
            var isWritten = _companions.TryWrite(
                number, () => IdFile.Write(contents.Index, ReadAll(contents), contents.Times));
            _openFiles.Remove(number);
            return isWritten;
        }
    }

    /// <summary>Removes what belongs to a deleted segment; all before it are deleted, too.</summary>
    public void Delete(long number)
    {
        _companions.Delete(number);
        _openFiles.Remove(number);
    }

    public void Dispose() => _openFiles.Dispose();

    // If the file with the ids that are not in memory is broken, they are read from the segment.
    private IdEntry[] ReadAll(SegmentContents contents)
    {
        if (_idsInFile.TryReadAll(contents) is { } ids)
        {
            return ids;
        }

        var segment = new Segment(files, directory, contents.Header);
        return [.. SegmentContents.Read(segment, contents.Index.EndOffset).Ids.InMemory];
    }

    private IdEntry[]? TryReadFile(Segment segment)
    {
        try
        {
            using var reader = IdFileCache.TryOpen(files, directory, segment);
            return reader?.ReadAll();
        }
        catch (IOException)
        {
            // The same as a missing file.
            return null;
        }
    }
}

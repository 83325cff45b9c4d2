using System.Collections.Concurrent;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// Finds the index and the ids of any segment: in memory for the one that is appended to and for those whose files
/// are not written yet; else in their files; else by walking the segment, after which the files are written again.
/// Safe for concurrent use.
/// </summary>
internal sealed class IndexStore(IFileSystem files, string directory, Action<LogNotice>? onNotice) : IDisposable
{
    /// <summary>Held while files are made or deleted: two who miss the same file must not both make it.</summary>
    private readonly Lock _making = new();
    private readonly IdFileCache _idFiles = new(files, directory);
    private readonly IdsInFile _idsInFile = new(files, directory);
    private readonly ConcurrentDictionary<long, SegmentContents> _inMemory = new();
    private readonly ConcurrentDictionary<long, WeakReference<SegmentIndex>> _cache = new();

    /// <summary>Number of the newest segment that has gone: nothing is written for it and those before it.</summary>
    private long _lastGone;

    /// <summary>
    /// The contents of a segment that grows, or was just sealed; kept until <see cref="Write"/> has written them.
    /// </summary>
    public void Keep(SegmentContents contents) => _inMemory[contents.Header.Number] = contents;

    /// <exception cref="InvalidDataException">The index is missing, and the segment is damaged; says where.</exception>
    public SegmentIndex Get(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return contents.Index;
        }

        if (_cache.TryGetValue(segment.Number, out var weak) && weak.TryGetTarget(out var cached))
        {
            return cached;
        }

        var index = TryReadWhole(segment);
        if (index is null)
        {
            lock (_making)
            {
                // Another may have made it meanwhile.
                index = TryReadWhole(segment) ?? Rebuild(segment).Index;
            }
        }

        _cache[segment.Number] = new WeakReference<SegmentIndex>(index);
        return index;
    }

    /// <summary>
    /// Adds the positions of a segment's records whose id has this hash; false if its id file cannot be read and must
    /// be made again. Never walks the segment.
    /// </summary>
    public bool TryFindIds(Segment segment, ulong key, List<long> positions)
    {
        if (!_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return _idFiles.TryFind(segment, key, positions);
        }

        if (!_idsInFile.TryFind(contents, key, positions))
        {
            return false;
        }

        positions.AddRange(contents.Ids.InMemory.Where(entry => entry.Key == key).Select(entry => entry.Position));
        return true;
    }

    /// <summary>All ids of a segment, in no order; the caller's own copy.</summary>
    public IdEntry[] LoadIds(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return _idsInFile.TryReadAll(contents) ?? [.. WalkAgain(contents).Ids.InMemory];
        }

        if (TryReadIds(segment) is { } ids)
        {
            return ids;
        }

        lock (_making)
        {
            return TryReadIds(segment) ?? [.. Rebuild(segment).Ids.InMemory];
        }
    }

    /// <summary>
    /// Those ids of the segment that grows which its id file holds need not be in memory, too: they are read from there
    /// when the file is written again. For the thread that appends to the segment.
    /// </summary>
    public void LeaveIdsInFile(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            contents.Ids.LeaveInFile();
        }
    }

    /// <summary>How many ids a segment has.</summary>
    public int CountIds(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return contents.Ids.Count;
        }

        try
        {
            using var reader = OpenIds(segment);
            if (reader is not null)
            {
                return reader.Count;
            }
        }
        catch (IOException)
        {
            // Loading makes the file again.
        }

        return LoadIds(segment).Length;
    }

    /// <summary>The times that a sealed segment's events tell.</summary>
    public EventTimes TimesOf(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return contents.Times;
        }

        try
        {
            using var reader = OpenIds(segment);
            return reader?.Times ?? EventTimes.Unknown;
        }
        catch (Exception exception) when (exception is IOException or LogDamagedException)
        {
            return EventTimes.Unknown;
        }
    }

    /// <summary>
    /// Makes the files of a sealed segment by walking it; false if they could not be written (it was told).
    /// </summary>
    /// <exception cref="IOException">The segment cannot be read.</exception>
    /// <exception cref="InvalidDataException">The segment is damaged; says where.</exception>
    /// <exception cref="LogDamagedException">Its header is damaged.</exception>
    public bool TryMakeAgain(Segment segment)
    {
        lock (_making)
        {
            return Write(Walk(segment));
        }
    }

    /// <summary>
    /// What was written of the segment that is appended to when the log was last stopped; null if there is nothing
    /// that fits.
    /// </summary>
    public SegmentContents? TryReadCheckpoint(Segment segment)
    {
        using var ids = IdFileReader.TryOpen(files, PathOf(SegmentName.OfIds(segment.Number)), segment.Header);
        var index = TryRead(segment);
        return index is not null && index.EndOffset == ids?.EndOffset
            && ids.ReadAll() is { } entries
            ? new SegmentContents(
                segment.Header, index, new SegmentIds(entries, ids.EndOffset), ids.Times)
            : null;
    }

    /// <summary>
    /// Writes the files of a segment that nobody appends to, without flushing them, and lets go of what is in memory.
    /// False if they could not be written.
    /// </summary>
    public bool Write(SegmentContents contents)
    {
        lock (_making)
        {
            var isWritten = contents.Header.Number <= _lastGone || TryPut(contents);
            _inMemory.TryRemove(contents.Header.Number, out _);
            return isWritten;
        }
    }

    /// <summary>
    /// Removes what belongs to a segment that has gone, as have all before it.
    /// </summary>
    public void Delete(long number)
    {
        lock (_making)
        {
            _lastGone = Math.Max(_lastGone, number);
            _inMemory.TryRemove(number, out _);
            _cache.TryRemove(number, out _);
            files.Delete(PathOf(SegmentName.OfIndex(number)));
            files.Delete(PathOf(SegmentName.OfIds(number)));
            _idFiles.Remove(number);
        }
    }

    public void Dispose() => _idFiles.Dispose();

    private SegmentContents Rebuild(Segment segment)
    {
        var contents = Walk(segment);
        Write(contents);
        return contents;
    }

    /// <summary>The id file that should hold the ids that are not in memory is broken.</summary>
    private SegmentContents WalkAgain(SegmentContents contents) =>
        Walk(new Segment(files, directory, contents.Header), contents.Index.EndOffset);

    private static SegmentContents Walk(Segment segment) => Walk(segment, segment.EndOffset);

    private static SegmentContents Walk(Segment segment, long endOffset)
    {
        using var file = segment.Open();
        var contents = new SegmentContents(file.Header);
        var scanner = new FrameScanner(file.File, SegmentHeader.Length, endOffset, file.Header.Salt);
        contents.Walk(scanner);
        if (scanner.Offset < endOffset)
        {
            throw new InvalidDataException(
                $"{segment.FilePath} is damaged from byte {scanner.Offset} on. Look with 'wikibus log check'.");
        }

        return contents;
    }

    private SegmentIndex? TryReadWhole(Segment segment) =>
        TryRead(segment) is { } index && index.EndOffset >= segment.EndOffset ? index : null;

    private SegmentIndex? TryRead(Segment segment) => SegmentIndexFile.TryRead(files, directory, segment.Header);

    private IdFileReader? OpenIds(Segment segment) => IdFileCache.TryOpen(files, directory, segment);

    private IdEntry[]? TryReadIds(Segment segment)
    {
        try
        {
            using var reader = OpenIds(segment);
            return reader?.ReadAll();
        }
        catch (IOException)
        {
            // As good as missing.
            return null;
        }
    }

    private bool TryPut(SegmentContents contents)
    {
        var number = contents.Header.Number;
        try
        {
            var ids = _idsInFile.TryReadAll(contents);
            if (ids is null)
            {
                contents = WalkAgain(contents);
                ids = [.. contents.Ids.InMemory];
            }

            Put(SegmentName.OfIds(number), IdFile.Write(contents.Index, ids, contents.Times));
            _idFiles.Remove(number);
            Put(SegmentName.OfIndex(number), SegmentIndexFile.Write(contents.Index));
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // The whole log has gone: nobody can need its index any more.
            return false;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or LogDamagedException)
        {
            onNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning,
                $"The index of segment {number} could not be written and will be made again "
                + $"when it is needed. {exception.Message}"));
            return false;
        }
    }

    /// <summary>By way of a new file, so that nobody reads half of one.</summary>
    private void Put(string name, byte[] bytes)
    {
        var temporary = PathOf(SegmentName.OfNew(name));
        files.Delete(temporary);
        using (var file = files.Open(temporary, StorageFileMode.CreateNew))
        {
            file.Write(0, bytes);
        }

        files.Rename(temporary, PathOf(name));
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}

using System.Collections.Concurrent;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// Finds the index and the ids of any segment: in memory for the one that is appended to and for those whose files
/// are not written yet; else in their files; else by walking the segment, after which the files are written again.
/// Safe for concurrent use.
/// </summary>
internal sealed class IndexStore(IFileSystem files, string directory, Action<LogNotice>? onNotice)
{
    private readonly ConcurrentDictionary<long, SegmentContents> _inMemory = new();
    private readonly ConcurrentDictionary<long, WeakReference<SegmentIndex>> _cache = new();

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

        var index = TryRead(segment);
        if (index is null || index.EndOffset < segment.EndOffset)
        {
            index = Rebuild(segment).Index;
        }

        _cache[segment.Number] = new WeakReference<SegmentIndex>(index);
        return index;
    }

    /// <summary>Positions of a segment's records whose id has this hash.</summary>
    public List<long> FindIds(Segment segment, ulong key)
    {
        if (!_inMemory.ContainsKey(segment.Number))
        {
            using var reader = OpenIds(segment);
            if (reader?.Find(key) is { } positions)
            {
                return positions;
            }
        }

        return [.. LoadIds(segment).Where(entry => entry.Key == key).Select(entry => entry.Position)];
    }

    /// <summary>All ids of a sealed segment, in no order.</summary>
    public IReadOnlyList<IdEntry> LoadIds(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return contents.Ids;
        }

        using var reader = OpenIds(segment);
        return reader?.ReadAll() ?? (IReadOnlyList<IdEntry>)Rebuild(segment).Ids;
    }

    /// <summary>How many ids a sealed segment has.</summary>
    public int CountIds(Segment segment)
    {
        if (_inMemory.TryGetValue(segment.Number, out var contents))
        {
            return contents.Ids.Count;
        }

        using var reader = OpenIds(segment);
        return reader?.Count ?? LoadIds(segment).Count;
    }

    /// <summary>
    /// What was written of the segment that is appended to when the log was last stopped; null if there is nothing
    /// that fits.
    /// </summary>
    public SegmentContents? TryReadCheckpoint(Segment segment, long lengthMax)
    {
        using var ids = IdFileReader.TryOpen(files, PathOf(SegmentName.OfIds(segment.Number)), segment.Header);
        var index = TryRead(segment);
        return index is not null && index.EndOffset == ids?.EndOffset && index.EndOffset <= lengthMax
            && ids.ReadAll() is { } entries
            ? new SegmentContents(segment.Header, index, [.. entries])
            : null;
    }

    /// <summary>
    /// Writes the files of a segment that nobody appends to, without flushing them, and lets go of what is in memory.
    /// </summary>
    public void Write(SegmentContents contents)
    {
        try
        {
            var number = contents.Header.Number;
            Put(SegmentName.OfIds(number), IdFile.Write(contents.Index, [.. contents.Ids]));
            Put(SegmentName.OfIndex(number), SegmentIndexFile.Write(contents.Index));
        }
        catch (IOException exception)
        {
            onNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning,
                $"The index of segment {contents.Header.Number} could not be written and will be made again "
                + $"when it is needed. {exception.Message}"));
        }

        _inMemory.TryRemove(contents.Header.Number, out _);
    }

    /// <summary>Removes what belongs to a segment that has gone.</summary>
    public void Delete(long number)
    {
        _inMemory.TryRemove(number, out _);
        _cache.TryRemove(number, out _);
        files.Delete(PathOf(SegmentName.OfIndex(number)));
        files.Delete(PathOf(SegmentName.OfIds(number)));
    }

    private SegmentContents Rebuild(Segment segment)
    {
        using var file = segment.Open();
        var contents = new SegmentContents(file.Header);
        var scanner = new FrameScanner(file.File, SegmentHeader.Length, segment.EndOffset, file.Header.Salt);
        contents.Walk(scanner);
        if (scanner.Offset < segment.EndOffset)
        {
            throw new InvalidDataException(
                $"{segment.FilePath} is damaged from byte {scanner.Offset} on. Look with 'wikibus log check'.");
        }

        Write(contents);
        return contents;
    }

    private SegmentIndex? TryRead(Segment segment)
    {
        var path = PathOf(SegmentName.OfIndex(segment.Number));
        if (!files.FileExists(path))
        {
            return null;
        }

        using var file = files.Open(path, StorageFileMode.Read);
        var bytes = new byte[file.Length];
        return file.Read(0, bytes) == bytes.Length ? SegmentIndexFile.TryRead(bytes, segment.Header) : null;
    }

    private IdFileReader? OpenIds(Segment segment)
    {
        var reader = IdFileReader.TryOpen(files, PathOf(SegmentName.OfIds(segment.Number)), segment.Header);
        if (reader is not null && reader.EndOffset < segment.EndOffset)
        {
            reader.Dispose();
            return null;
        }

        return reader;
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

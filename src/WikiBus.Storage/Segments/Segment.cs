using System.Diagnostics;

namespace WikiBus.Storage.Segments;

/// <summary>
/// A segment as readers see it. Its file is opened by the first reader and closed by the last. Safe for concurrent use.
/// </summary>
internal sealed class Segment(IFileSystem files, string directory, long number, long firstPosition)
{
    private readonly Lock _gate = new();
    private IStorageFile? _file;
    private int _readers;
    private SegmentHeader? _header;
    private Segment? _successor;

    /// <summary>A segment that was just made: its header need not be read.</summary>
    public Segment(IFileSystem files, string directory, SegmentHeader header)
        : this(files, directory, header.Number, header.FirstPosition) => _header = header;

    public long Number { get; } = number;

    public long FirstPosition { get; } = firstPosition;

    public string Name { get; } = SegmentName.Of(number, firstPosition);

    public string Directory { get; } = directory;

    public string FilePath => Path.Combine(Directory, Name);

    /// <summary>The next segment; null while this one is appended to.</summary>
    public Segment? Successor
    {
        get => Volatile.Read(ref _successor);
        set => Volatile.Write(ref _successor, value);
    }

    public bool HasSuccessor => Successor is not null;

    /// <summary>The position after the last record that may be in here. Sealed segments only.</summary>
    public long EndPosition => SealedBy.FirstPosition;

    /// <summary>
    /// Where the frames end, in bytes; what lies beyond was never acknowledged. Sealed segments only.
    /// </summary>
    public long EndOffset => SealedBy.Header.PredecessorEnd;

    private Segment SealedBy => Successor ?? throw new InvalidOperationException($"{Name} is still appended to.");

    /// <exception cref="LogDamagedException">The header is damaged, or of another version, or another
    /// segment's.</exception>
    public SegmentHeader Header
    {
        get
        {
            if (_header is { } known)
            {
                return known;
            }

            using var file = Open();
            return file.Segment._header!;
        }
    }

    /// <summary>Opens the segment for reading; dispose what is returned.</summary>
    public SegmentFile Open()
    {
        lock (_gate)
        {
            if (_file is null)
            {
                var file = files.Open(FilePath, StorageFileMode.Read);
                try
                {
                    _header ??= ReadHeader(file);
                }
                catch
                {
                    file.Dispose();
                    throw;
                }

                _file = file;
            }

            _readers++;
            return new SegmentFile(this, _file);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            Debug.Assert(_readers > 0, "The last reader closes the file, and only once.");
            if (--_readers == 0)
            {
                _file!.Dispose();
                _file = null;
            }
        }
    }

    private SegmentHeader ReadHeader(IStorageFile file)
    {
        return SegmentHeader.TryRead(file, out var header) switch
        {
            SegmentHeaderStatus.Newer => throw new LogDamagedException(SegmentHeader.TooNew(FilePath)),
            SegmentHeaderStatus.Older => throw new LogDamagedException(SegmentHeader.TooOld(FilePath)),
            SegmentHeaderStatus.Valid when header!.Number == Number && header.FirstPosition == FirstPosition => header,
            SegmentHeaderStatus.Valid => throw new LogDamagedException(
                $"{FilePath} holds the header of segment {header!.Number}; it was renamed or copied. "
                + LogDamagedException.WhatToDo),
            _ => throw new LogDamagedException(
                $"{FilePath} is damaged: bytes 0 to {SegmentHeader.Length} are not a segment header. "
                + LogDamagedException.WhatToDo),
        };
    }
}

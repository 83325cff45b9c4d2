using System.Diagnostics;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Keeps the id files of look-ups open, and their filters in memory, within limits. Those of the newest segments stay:
/// a look-up begins with these, and may reach back beyond the limits. So to keep what was used last would be wrong.
/// Safe for concurrent use.
/// </summary>
internal sealed class IdFileCache(
    IFileSystem files,
    string directory,
    int filesMax = IdFileCache.FilesMax,
    int filterBytesMax = IdFileCache.FilterBytesMax) : IDisposable
{
    /// <summary>Most files that are open; older ones are opened for each look-up.</summary>
    public const int FilesMax = 1024;

    /// <summary>Most bytes of filters. In a file without one, a look-up reads one block of its filter.</summary>
    public const int FilterBytesMax = 32 << 20;

    private readonly Lock _gate = new();
    private readonly SortedList<long, IdFileReader> _readers = [];
    private int _filterBytes;
    private bool _isDisposed;

    /// <summary>Files that are open.</summary>
    public int FileCount
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count;
            }
        }
    }

    /// <summary>Bytes of the filters in memory.</summary>
    public int FilterBytes
    {
        get
        {
            lock (_gate)
            {
                return _filterBytes;
            }
        }
    }

    /// <summary>Opens the id file of a sealed segment; null if it is missing or does not fit the segment.</summary>
    public static IdFileReader? TryOpen(IFileSystem files, string directory, Segment segment)
    {
        var path = Path.Combine(directory, SegmentName.OfIds(segment.Number));
        var reader = IdFileReader.TryOpen(files, path, segment.Header);
        if (reader is not null && reader.EndOffset < segment.EndOffset)
        {
            reader.Dispose();
            return null;
        }

        return reader;
    }

    /// <summary>
    /// Adds the positions of a sealed segment's records whose id has this hash; false if its file cannot be read.
    /// </summary>
    public bool TryFind(Segment segment, ulong key, List<long> positions)
    {
        lock (_gate)
        {
            IdFileReader? transient = null;
            try
            {
                if (!_readers.TryGetValue(segment.Number, out var reader))
                {
                    reader = TryOpen(files, directory, segment);
                    if (reader is null)
                    {
                        return false;
                    }

                    transient = TryKeep(segment.Number, reader) ? null : reader;
                }

                if (reader.TryFind(key, positions))
                {
                    return true;
                }
            }
            catch (Exception exception) when (exception is IOException or LogDamagedException)
            {
                // Making the file again shows whether the file or the segment is at fault.
            }
            finally
            {
                transient?.Dispose();
            }

            RemoveHeld(segment.Number);
            return false;
        }
    }

    /// <summary>Closes a file that was deleted or replaced.</summary>
    public void Remove(long number)
    {
        lock (_gate)
        {
            RemoveHeld(number);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            while (_readers.Count > 0)
            {
                RemoveHeld(_readers.Keys[0]);
            }
        }
    }

    /// <summary>Only older files make room for this one.</summary>
    private bool TryKeep(long number, IdFileReader reader)
    {
        if (_isDisposed || (_readers.Count == filesMax && _readers.Keys[0] > number))
        {
            return false;
        }

        if (_readers.Count == filesMax)
        {
            RemoveHeld(_readers.Keys[0]);
        }

        // Kept from here on: if the read below fails, it is removed again.
        _readers.Add(number, reader);
        for (var at = 0; !HasRoomFor(reader) && _readers.Keys[at] < number; at++)
        {
            DropFilter(_readers.Values[at]);
        }

        if (HasRoomFor(reader) && reader.TryLoadFilter())
        {
            _filterBytes += reader.FilterLength;
        }

        Debug.Assert(
            _readers.Count <= filesMax && _filterBytes <= filterBytesMax, "Files and filters are within their limits.");
        return true;
    }

    private bool HasRoomFor(IdFileReader reader) => (long)_filterBytes + reader.FilterLength <= filterBytesMax;

    private void DropFilter(IdFileReader reader)
    {
        _filterBytes -= reader.HasFilterInMemory ? reader.FilterLength : 0;
        reader.DropFilter();
    }

    private void RemoveHeld(long number)
    {
        if (_readers.Remove(number, out var reader))
        {
            DropFilter(reader);
            reader.Dispose();
        }
    }
}

namespace WikiBus.Storage.Segments;

/// <summary>
/// The files of one kind beside the segments. They are never flushed: a missing or broken one is made again. No file is
/// written for a deleted segment. Safe for concurrent use.
/// </summary>
/// <param name="files">Where they are.</param>
/// <param name="directory">The log's directory.</param>
/// <param name="kind">The name of this kind in notices.</param>
/// <param name="nameOf">The name of a segment's file, by the segment's number.</param>
/// <param name="onNotice">Gets a warning for each file that cannot be written.</param>
internal sealed class CompanionFiles(
    IFileSystem files, string directory, string kind, Func<long, string> nameOf, Action<LogNotice>? onNotice)
{
    /// <summary>Number of the newest deleted segment; all before it are deleted, too.</summary>
    private long _lastDeleted;

    /// <summary>Held while a file is made or deleted: two threads that miss the same file must not both make it.
    /// </summary>
    public Lock Making { get; } = new();

    public string PathOf(long number) => Path.Combine(directory, nameOf(number));

    /// <summary>Writes the file of a segment; false if that failed, and a notice says why.</summary>
    public bool TryWrite(long number, Func<byte[]> content)
    {
        lock (Making)
        {
            try
            {
                if (number > _lastDeleted)
                {
                    Put(nameOf(number), content());
                }

                return true;
            }
            catch (DirectoryNotFoundException)
            {
                // The whole log was deleted: nobody needs the file.
                return false;
            }
            catch (Exception exception) when (exception is IOException or LogDamagedException)
            {
                onNotice?.Invoke(new LogNotice(
                    LogNoticeSeverity.Warning,
                    $"The {kind} of segment {number} could not be written and will be made again when it is needed. "
                    + exception.Message));
                return false;
            }
        }
    }

    /// <summary>Deletes the file of a deleted segment; all before it are deleted, too.</summary>
    public void Delete(long number)
    {
        lock (Making)
        {
            _lastDeleted = Math.Max(_lastDeleted, number);
            files.Delete(PathOf(number));
        }
    }

    /// <summary>Writes a new file and renames it, so that nobody reads half of one.</summary>
    private void Put(string name, byte[] bytes)
    {
        var temporary = Path.Combine(directory, SegmentName.OfNew(name));
        files.Delete(temporary);
        using (var file = files.Open(temporary, StorageFileMode.CreateNew))
        {
            file.Write(0, bytes);
        }

        files.Rename(temporary, Path.Combine(directory, name));
    }
}

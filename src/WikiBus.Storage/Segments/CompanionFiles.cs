namespace WikiBus.Storage.Segments;

/// <summary>
/// The files of one kind that lie beside the segments. They are never flushed: one that is missing or broken is made
/// again. Nothing is written for a segment that has gone. Safe for concurrent use.
/// </summary>
/// <param name="files">Where they are.</param>
/// <param name="directory">The log's directory.</param>
/// <param name="kind">What a notice calls one of them.</param>
/// <param name="nameOf">The name of a segment's file, by the segment's number.</param>
/// <param name="onNotice">Gets a warning for each file that cannot be written.</param>
internal sealed class CompanionFiles(
    IFileSystem files, string directory, string kind, Func<long, string> nameOf, Action<LogNotice>? onNotice)
{
    /// <summary>Number of the newest segment that has gone, as have all before it.</summary>
    private long _lastGone;

    /// <summary>Held while a file is made or deleted: two threads that miss the same file must not both make it.
    /// </summary>
    public Lock Making { get; } = new();

    public string PathOf(long number) => Path.Combine(directory, nameOf(number));

    /// <summary>Writes the file of a segment; false if that failed, which a notice says.</summary>
    public bool TryWrite(long number, Func<byte[]> content)
    {
        lock (Making)
        {
            try
            {
                if (number > _lastGone)
                {
                    Put(nameOf(number), content());
                }

                return true;
            }
            catch (DirectoryNotFoundException)
            {
                // The whole log has gone: nobody can need the file any more.
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

    /// <summary>Deletes the file of a segment that has gone, as have all before it.</summary>
    public void Delete(long number)
    {
        lock (Making)
        {
            _lastGone = Math.Max(_lastGone, number);
            files.Delete(PathOf(number));
        }
    }

    /// <summary>By way of a new file, so that nobody reads half of one.</summary>
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

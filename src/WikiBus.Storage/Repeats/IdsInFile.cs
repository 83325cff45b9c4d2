using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Reads the ids of a segment that are not in memory (<see cref="SegmentIds"/>). Safe for concurrent use.
/// </summary>
internal sealed class IdsInFile(IFileSystem files, string directory)
{
    /// <summary>
    /// Adds the positions of the records whose id has this hash; false if the file that should hold ids cannot be
    /// read.
    /// </summary>
    public bool TryFind(SegmentContents contents, ulong key, List<long> positions)
    {
        if (contents.Ids.InFileOnlyCount == 0)
        {
            return true;
        }

        try
        {
            // A file that reaches further was written meanwhile: it holds these ids, too.
            using var reader = Open(contents);
            return reader?.EndOffset >= contents.Ids.InFileEndOffset && reader.TryFind(key, positions);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>All ids, also those in memory; null if the file that should hold the others cannot be read.</summary>
    public IdEntry[]? TryReadAll(SegmentContents contents)
    {
        if (contents.Ids.InFileOnlyCount == 0)
        {
            return [.. contents.Ids.InMemory];
        }

        try
        {
            using var reader = Open(contents);
            return reader?.EndOffset == contents.Ids.InFileEndOffset && reader.ReadAll() is { } entries
                ? [.. entries, .. contents.Ids.InMemory]
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private IdFileReader? Open(SegmentContents contents) => IdFileReader.TryOpen(
        files, Path.Combine(directory, SegmentName.OfIds(contents.Header.Number)), contents.Header);
}

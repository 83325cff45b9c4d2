using WikiBus.Storage.Records;

namespace WikiBus.Storage.Inspection;

/// <summary>The intact records of a segment from all files that hold it: a copy fills what is damaged.</summary>
internal static class SlotRecords
{
    /// <summary>In order, each position once. A record is valid until the next one.</summary>
    /// <param name="files">Where the files are.</param>
    /// <param name="slot">The segment.</param>
    /// <param name="inspection">Walks the segment's own file; null: it is missing or cannot be read.</param>
    public static IEnumerable<RecordView> Of(IFileSystem files, SegmentSlot slot, SegmentInspection? inspection)
    {
        var walks = slot.Copies.Select(copy => new SegmentInspection(files, slot, copy));
        var sources = (inspection is null ? walks : walks.Prepend(inspection))
            .Select(static walk => walk.Records().GetEnumerator())
            .ToList();
        try
        {
            sources.RemoveAll(static source => !source.MoveNext());
            for (var next = long.MinValue; sources.Count > 0;)
            {
                var first = sources.MinBy(static source => source.Current.Position)!;
                if (first.Current.Position >= next)
                {
                    next = first.Current.Position + 1;
                    yield return first.Current;
                }

                if (!first.MoveNext())
                {
                    sources.Remove(first);
                    first.Dispose();
                }
            }
        }
        finally
        {
            sources.ForEach(static source => source.Dispose());
        }
    }
}

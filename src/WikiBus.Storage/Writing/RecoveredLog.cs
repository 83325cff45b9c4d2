using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Writing;

/// <summary>The log as recovery found or made it.</summary>
/// <param name="Snapshot">What readers may see.</param>
/// <param name="Writer">Writes behind the end of the last segment.</param>
/// <param name="Contents">The last segment's index and ids.</param>
/// <param name="Streams">All streams.</param>
internal sealed record RecoveredLog(
    LogSnapshot Snapshot, SegmentWriter Writer, SegmentContents Contents, StreamTable Streams);

namespace WikiBus.Storage.Segments;

/// <summary>What a segment's records are; a file of one kind is never read as another.</summary>
internal enum SegmentKind : ushort
{
    Events = 1,
    StateChanges = 2,
    StateSnapshot = 3,
}

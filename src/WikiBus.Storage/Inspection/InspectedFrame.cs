using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Inspection;

/// <summary>A frame with an intact header, and those of its records that are intact, checksums included.</summary>
/// <param name="Header">The header; it also counts records that are damaged.</param>
/// <param name="Records">Valid until the next frame.</param>
internal readonly record struct InspectedFrame(FrameHeader Header, IEnumerable<ReadOnlyMemory<byte>> Records);

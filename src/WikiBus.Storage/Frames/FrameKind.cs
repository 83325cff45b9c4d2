namespace WikiBus.Storage.Frames;

/// <summary>What a frame holds.</summary>
internal enum FrameKind : byte
{
    Records = 0,

    /// <summary>
    /// Written by a graceful stop: everything before it was flushed. It has no records; the next frame follows it.
    /// </summary>
    EndMark = 1,

    /// <summary>The first frame of an event segment: every stream of the log as it was before this segment.</summary>
    StreamTable = 2,

    /// <summary>Follows the last frame of a segment whose successor is in use.</summary>
    Seal = 3,
}

namespace WikiBus.Storage.Frames;

/// <summary>What is at a place where a frame may begin.</summary>
internal enum FrameStatus
{
    Valid,

    /// <summary>The bytes end inside the header; more are needed to decide.</summary>
    Short,

    /// <summary>An intact frame of a version or codec that this code does not know.</summary>
    OtherVersion,

    /// <summary>Zeros (prepared space), a tear, damage, or bytes within another frame.</summary>
    Invalid,
}

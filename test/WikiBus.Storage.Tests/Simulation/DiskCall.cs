namespace WikiBus.Storage.Tests.Simulation;

/// <summary>The calls of the file seam that a fault can hit, and that a power cut can fall on.</summary>
[Flags]
internal enum DiskCall
{
    None = 0,
    Open = 1,
    Create = 2,
    Read = 4,
    Write = 8,
    SetLength = 16,
    Flush = 32,
    FlushDirectory = 64,
    Rename = 128,
    Delete = 256,
    Lock = 512,

    /// <summary>What changes the disk or makes changes durable; power cuts are counted in these.</summary>
    Changing = Create | Write | SetLength | Flush | FlushDirectory | Rename | Delete,
}

using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>Opens a reader of the log at a position. A seam: tests give a reader that does not move.</summary>
internal delegate LogReader OpenLogReader(long position, ReadFilter? filter);

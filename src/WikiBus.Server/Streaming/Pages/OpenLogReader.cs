using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>Opens a reader of the log at a position. A seam: tests put a reader there that does not move.</summary>
internal delegate LogReader OpenLogReader(long position, ReadFilter? filter);

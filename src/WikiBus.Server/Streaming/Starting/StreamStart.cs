using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Streaming.Starting;

/// <summary>Where a connection begins.</summary>
/// <param name="Position">The first position read.</param>
/// <param name="Anchor">The place that ids name until the first record is sent.</param>
/// <param name="Gaps">What the client asked for and cannot get.</param>
/// <param name="NotBefore">Streams that begin later than <paramref name="Position"/>; null when all begin
/// there.</param>
internal sealed record StreamStart(
    long Position, StreamPlace Anchor, IReadOnlyList<StreamGap> Gaps, IReadOnlyDictionary<string, long>? NotBefore);

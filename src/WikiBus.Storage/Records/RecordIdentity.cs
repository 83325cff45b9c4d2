namespace WikiBus.Storage;

/// <summary>A record's identity. The id itself is <see cref="RecordDraft.Id"/>.</summary>
/// <param name="Rule">What makes a repeat.</param>
/// <param name="ContentHash">128-bit hash of the event as it was received; 0 where the rule does not use it.</param>
/// <param name="TimeMs">The event's own time (UUID version 7, else <c>meta.dt</c>), Unix ms; 0 when unknown. A repeat
/// has the same. An event older than the window in memory is looked up in the id files that hold this time.</param>
public readonly record struct RecordIdentity(IdentityRule Rule, UInt128 ContentHash, long TimeMs);

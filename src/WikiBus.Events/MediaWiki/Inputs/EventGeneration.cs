namespace WikiBus.Events.MediaWiki;

/// <summary>Whose events the builders make: the schema versions, members and performers differ.</summary>
public enum EventGeneration
{
    /// <summary>EventBus of its main branch (2026): <c>meta.dt</c> is left to the bus.</summary>
    Current,

    /// <summary>EventBus REL1_39 (MediaWiki 1.39 LTS).</summary>
    Rel139,
}

namespace WikiBus.Events.MediaWiki;

/// <summary>How an edit takes others back.</summary>
public enum RevertMethod
{
    /// <summary>The newest edits of one user were rolled back.</summary>
    Rollback,

    /// <summary>The user chose edits to undo.</summary>
    Undo,

    /// <summary>The user saved former content.</summary>
    Manual,
}

namespace WikiBus.Storage;

/// <summary>How much a <see cref="LogNotice"/> matters.</summary>
public enum LogNoticeSeverity
{
    /// <summary>Good to know: the log accepts records again, retention deleted segments.</summary>
    Information,

    /// <summary>Something failed; the log tries it again or works without it.</summary>
    Warning,

    /// <summary>A person must act, or must know that bytes were lost.</summary>
    Error,
}

namespace WikiBus.Storage;

/// <summary>How much a <see cref="LogNotice"/> matters.</summary>
public enum LogNoticeSeverity
{
    /// <summary>Good to know: the log serves again, segments went by retention.</summary>
    Information,

    /// <summary>Something did not work and is done again or done without.</summary>
    Warning,

    /// <summary>A person must act, or must know that bytes were lost.</summary>
    Error,
}

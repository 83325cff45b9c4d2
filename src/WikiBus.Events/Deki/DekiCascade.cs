namespace WikiBus.Events.Deki;

/// <summary>How a change of a page's security applies to the pages below it.</summary>
public enum DekiCascade
{
    /// <summary>It applies to the page alone.</summary>
    None,

    /// <summary>The difference applies to the pages below, too.</summary>
    Delta,

    /// <summary>The pages below get the same security.</summary>
    Absolute,
}

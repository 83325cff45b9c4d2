namespace WikiBus.Events.Deki;

/// <summary>The states of Deki's license.</summary>
public enum DekiLicenseState
{
    /// <summary>Not known yet.</summary>
    Undefined,

    /// <summary>The license cannot be used.</summary>
    Invalid,

    /// <summary>The license is not active.</summary>
    Inactive,

    /// <summary>The community edition.</summary>
    Community,

    /// <summary>A trial.</summary>
    Trial,

    /// <summary>A commercial license.</summary>
    Commercial,

    /// <summary>The license is over.</summary>
    Expired,
}

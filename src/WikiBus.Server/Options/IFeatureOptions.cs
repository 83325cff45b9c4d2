namespace WikiBus.Server.Options;

/// <summary>
/// The settings of one feature: a class with a public constructor without parameters. Its settable properties are the
/// options, their initial values the defaults. <see cref="OptionText"/> lists the types that can be configured.
/// </summary>
internal interface IFeatureOptions
{
    /// <summary>The section of the configuration that the properties are read from.</summary>
    static abstract string Section { get; }

    /// <summary>
    /// All faults of the values; called once, at start. <see cref="OptionChecks"/> has the common checks.
    /// </summary>
    IEnumerable<OptionFault> Validate();
}

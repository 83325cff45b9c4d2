namespace WikiBus.Server.Options;

/// <summary>
/// The settings of one feature: a class with a public constructor without parameters and settable properties, whose
/// initial values are the defaults. Property types that can be configured: <see cref="OptionText"/> lists them.
/// </summary>
internal interface IFeatureOptions
{
    /// <summary>The section of the configuration that the properties are read from.</summary>
    static abstract string Section { get; }

    /// <summary>
    /// Everything that is wrong with the values; asked once at start. <see cref="OptionChecks"/> has the common ones.
    /// </summary>
    IEnumerable<OptionFault> Validate();
}

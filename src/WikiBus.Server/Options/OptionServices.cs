namespace WikiBus.Server.Options;

/// <summary>Registers the options of features.</summary>
internal static class OptionServices
{
    /// <summary>
    /// Reads and checks the feature's options, and registers them as the singleton <typeparamref name="T"/>. Faults are
    /// kept until all features are added; then the process reports them together, and ends.
    /// </summary>
    public static T AddFeatureOptions<T>(this IServiceCollection services, IConfiguration configuration)
        where T : class, IFeatureOptions, new()
    {
        var options = OptionBinder.Bind<T>(configuration, services.OptionFaults());
        services.AddSingleton(options);
        return options;
    }

    /// <summary>The faults collected so far.</summary>
    public static OptionFaults OptionFaults(this IServiceCollection services)
    {
        var found = services.FirstOrDefault(static service => service.ServiceType == typeof(OptionFaults));
        if (found?.ImplementationInstance is OptionFaults faults)
        {
            return faults;
        }

        faults = new OptionFaults();
        services.AddSingleton(faults);
        return faults;
    }
}

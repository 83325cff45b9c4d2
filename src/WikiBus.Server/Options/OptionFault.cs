namespace WikiBus.Server.Options;

/// <summary>One fault of the configuration.</summary>
/// <param name="Key">The option's key as configured, such as <c>Intake:BodyBytesMax</c>.</param>
/// <param name="Message">What is wrong and what is allowed, for people.</param>
/// <param name="DependsOn">Another option whose value sets the bound; null: none. If that option is at fault itself,
/// this fault is not reported.</param>
internal sealed record OptionFault(string Key, string Message, string? DependsOn = null)
{
    public override string ToString() => $"{Key}: {Message}";
}

using WikiBus.Server.Options;

namespace WikiBus.Server.Dream.Settings;

/// <summary>
/// The wiki whose API says who may get which event, section <c>Dream:Deki</c>. It has to be a MindTouch Deki.
/// </summary>
internal sealed class DekiOptions : IFeatureOptions
{
    public static string Section => "Dream:Deki";

    /// <summary>
    /// The URL of the wiki's API, such as <c>http://wiki/@api/deki</c>; empty: attributes of recipients mean nothing.
    /// </summary>
    public string ApiUri { get; set; } = "";

    /// <summary>The wiki's master key. Whoever presents it may get everything.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Most calls of the API per second.</summary>
    public int RequestsPerSecondMax { get; set; } = 50;

    /// <summary>The time for a call and its answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Is there such a wiki?</summary>
    public bool IsOn => ApiUri.Length > 0;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.That(
            !IsOn || (OptionChecks.IsHttpUrl(ApiUri) && !ApiUri.Contains('?', StringComparison.Ordinal)),
            $"{Section}:{nameof(ApiUri)}", ApiUri, "an http(s) URL without a password and a query is"),
        .. IsOn && ApiKey.Length == 0
            ? [new OptionFault($"{Section}:{nameof(ApiKey)}", $"is needed with {Section}:{nameof(ApiUri)}")]
            : (IEnumerable<OptionFault>)[],
        .. OptionChecks.Within($"{Section}:{nameof(RequestsPerSecondMax)}", RequestsPerSecondMax, 1, 10_000),
        .. OptionChecks.Within(
            $"{Section}:{nameof(Timeout)}", Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
    ];
}

using WikiBus.Server.Options;

namespace WikiBus.Server.Dream.Settings;

/// <summary>Settings of Dream's pub/sub service, section <c>Dream</c>.</summary>
internal sealed class DreamOptions : IFeatureOptions
{
    public static string Section => "Dream";

    /// <summary>The path of the service, without a slash at the end.</summary>
    public string Path { get; set; } = "/pubsub";

    /// <summary>
    /// The URI of the service as other services know it, such as <c>https://bus.example.org/pubsub</c>; empty: that of
    /// the first listener.
    /// </summary>
    public string PublicUri { get; set; } = "";

    /// <summary>Most bytes of a subscription set.</summary>
    public int SetBytesMax { get; set; } = 1 << 20;

    /// <summary>Most sets that a key may have.</summary>
    public int SetsPerKeyMax { get; set; } = 1_000;

    /// <summary>Most destinations that a set may have.</summary>
    public int DestinationsPerSetMax { get; set; } = 100;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.That(
            Path is ['/', _, ..] && Path[^1] != '/' && !Path.Contains("//", StringComparison.Ordinal)
                && Path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '@' or '$'),
            $"{Section}:{nameof(Path)}", Path, "a path such as /pubsub, without a slash at its end, is"),
        .. OptionChecks.That(
            PublicUri.Length == 0 || OptionChecks.IsHttpUrl(PublicUri),
            $"{Section}:{nameof(PublicUri)}", PublicUri, "an http(s) URL without a password is"),
        .. OptionChecks.Within($"{Section}:{nameof(SetBytesMax)}", SetBytesMax, 1 << 10, 16 << 20),
        .. OptionChecks.Within($"{Section}:{nameof(SetsPerKeyMax)}", SetsPerKeyMax, 1, 100_000),
        .. OptionChecks.Within($"{Section}:{nameof(DestinationsPerSetMax)}", DestinationsPerSetMax, 1, 1_000),
    ];
}

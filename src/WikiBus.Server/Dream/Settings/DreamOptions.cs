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

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.That(
            Path is ['/', _, ..] && Path[^1] != '/' && !Path.Contains("//", StringComparison.Ordinal)
                && Path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '@' or '$'),
            $"{Section}:{nameof(Path)}", Path, "a path such as /pubsub, without a slash at its end, is"),
        .. OptionChecks.That(
            PublicUri.Length == 0 || OptionChecks.IsHttpUrl(PublicUri),
            $"{Section}:{nameof(PublicUri)}", PublicUri, "an http(s) URL without a password is"),
    ];
}

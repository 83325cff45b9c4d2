using WikiBus.Events;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Options;
using WikiBus.Server.Spelling;

namespace WikiBus.Server.Access;

/// <summary>Settings of access, section <c>Access</c>.</summary>
internal sealed class AccessOptions : IFeatureOptions
{
    /// <summary>A stream's name with at most this many mistakes in it means <c>eventstreams</c>.</summary>
    private const int MistakesMax = 2;

    public static string Section => "Access";

    /// <summary>
    /// Streams that everybody may read; <c>eventstreams</c> means those that Wikimedia's EventStreams shows of a wiki.
    /// </summary>
    public IReadOnlyList<string> PublicStreams { get; set; } = [];

    /// <summary>Domains that public streams are limited to; none: all.</summary>
    public IReadOnlyList<string> PublicWikis { get; set; } = [];

    /// <summary>Networks whose machines may publish and read without a key.</summary>
    public IReadOnlyList<string> TrustedNetworks { get; set; } = ["127.0.0.0/8", "::1/128"];

    /// <summary>
    /// Host names, without a port, under which requests from trusted networks need no key. <c>localhost</c> and IP
    /// addresses always are such names.
    /// </summary>
    public IReadOnlyList<string> TrustedHosts { get; set; } = [];

    /// <summary>Networks of reverse proxies, whose <c>X-Forwarded-For</c> or <c>Forwarded</c> is trusted.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>Most keys; a request for one more gets 409.</summary>
    public int KeyCountMax { get; set; } = 1_000;

    /// <summary>How long the old secret of a rotated key stays valid, unless the request says otherwise.</summary>
    public TimeSpan RotationOverlap { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Most slow hashes of presented secrets per second, in all. Only given secrets need one, each once. One takes
    /// about 0.1 s of a processor.
    /// </summary>
    public int SlowHashesPerSecondMax { get; set; } = 5;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. PublicStreams.SelectMany(CheckPublicStream),
        .. PublicWikis.SelectMany(static domain => OptionChecks.That(
            Uri.CheckHostName(domain) != UriHostNameType.Unknown, "Access:PublicWikis", domain, "a domain name is")),
        .. CheckNetworks("Access:TrustedNetworks", TrustedNetworks),
        .. TrustedHosts.SelectMany(static name => OptionChecks.That(
            Networks.TrustedHosts.IsName(name), "Access:TrustedHosts", name, "a host name without a port is")),
        .. CheckNetworks("Access:TrustedProxies", TrustedProxies),
        .. OptionChecks.Within("Access:KeyCountMax", KeyCountMax, 1, 100_000),
        .. OptionChecks.Within("Access:RotationOverlap", RotationOverlap, TimeSpan.Zero, TimeSpan.FromDays(366)),
        .. OptionChecks.Within("Access:SlowHashesPerSecondMax", SlowHashesPerSecondMax, 1, 1_000),
    ];

    public KeyLimits ToKeyLimits() => new(KeyCountMax, RotationOverlap, SlowHashesPerSecondMax);

    private static IEnumerable<OptionFault> CheckPublicStream(string stream) =>
        stream == PublicRules.EventStreams ? []
        : EditDistance.Between(stream.ToLowerInvariant(), PublicRules.EventStreams) <= MistakesMax
        ? OptionChecks.That(false, "Access:PublicStreams", stream, $"'{PublicRules.EventStreams}' is")
        : OptionChecks.That(
            StreamName.IsValid(stream) && !PublicRules.IsNeverPublic(stream), "Access:PublicStreams", stream,
            $"'{PublicRules.EventStreams}' and names of streams are, but never of jobs, suppressed pages, purges, "
            + "errors, deki.* and dream.*");

    private static IEnumerable<OptionFault> CheckNetworks(string key, IReadOnlyList<string> networks) =>
        networks.SelectMany(network => OptionChecks.That(
            NetworkList.TryParse(network, out _), key, network, "an address or a network such as 10.0.0.0/8 is"));
}

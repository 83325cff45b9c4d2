using WikiBus.Server.Options;

namespace WikiBus.Server.Hosting;

/// <summary>The data directory, the addresses to listen on, and the limits of connections.</summary>
internal sealed class HostingOptions : IFeatureOptions
{
    public static string Section => "Hosting";

    /// <summary>The directory that holds everything that must survive; created when missing.</summary>
    public string Data { get; set; } = "./data";

    /// <summary>
    /// Addresses to listen on. With port 0 the system chooses one; <c>localhost</c> is both loopback addresses.
    /// </summary>
    public IReadOnlyList<string> Listen { get; set; } = ["http://localhost:8192"];

    /// <summary>
    /// Most open connections; further ones are refused. The limit is higher than that of readers, so that producers
    /// always have some.
    /// </summary>
    public int ConnectionsMax { get; set; } = 21_000;

    /// <summary>
    /// Most open connections of one address that is neither trusted nor a proxy: more than the workers of a large wiki
    /// need, and few of <see cref="ConnectionsMax"/>.
    /// </summary>
    public int ConnectionsPerAddressMax { get; set; } = 1_000;

    /// <summary>Most bytes of a request's headers; a request with more gets 431.</summary>
    public int HeaderBytesMax { get; set; } = 16 << 10;

    /// <summary>How long a connection without a request stays open.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>How long the headers of a request may take to arrive.</summary>
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long open requests and streams may take to end when the process stops.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(8);

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.That(Data.Length > 0, "Hosting:Data", Data, "the path of a directory is"),
        .. Listen.SelectMany(static url => ListenAddress.TryParse(url, out _)
            ? []
            : OptionChecks.That(false, "Hosting:Listen", url, ListenAddress.Allowed)),
        .. Listen.Where(IsRepeated).Select(static url => new OptionFault(
            "Hosting:Listen", $"'{url}' is not allowed twice; each address and port once is")),
        .. OptionChecks.Within("Hosting:ConnectionsMax", ConnectionsMax, 10, 1_000_000),
        .. OptionChecks.Within("Hosting:ConnectionsPerAddressMax", ConnectionsPerAddressMax, 1, 1_000_000),
        .. OptionChecks.Within("Hosting:HeaderBytesMax", HeaderBytesMax, 4 << 10, 1 << 20),
        .. OptionChecks.Within(
            "Hosting:KeepAliveTimeout", KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. OptionChecks.Within(
            "Hosting:RequestHeadersTimeout", RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        .. OptionChecks.Within(
            "Hosting:ShutdownTimeout", ShutdownTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
    ];

    /// <summary>Whether an address is also before it in the list. With port 0 each gets a port of its own.</summary>
    private bool IsRepeated(string url, int index) =>
        ListenAddress.TryParse(url, out var address) && address!.Port != 0
        && Listen.Take(index).Any(other => ListenAddress.TryParse(other, out var before)
            && before!.Port == address.Port && Equals(before.Address, address.Address));
}

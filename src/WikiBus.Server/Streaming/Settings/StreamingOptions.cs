using WikiBus.Server.Options;

namespace WikiBus.Server.Streaming.Settings;

/// <summary>Settings of <c>GET /v2/stream/{streams}</c>.</summary>
internal sealed class StreamingOptions : IFeatureOptions
{
    public static string Section => "Streaming";

    /// <summary>
    /// After this time without an event a connection gets a block that holds only its id. Clients give up after 45 s
    /// of silence.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection whose client takes nothing for this long is dead, and aborted.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client is to wait before it connects again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When the server stops, connections end spread over at most this time.</summary>
    public TimeSpan ShutdownSpread { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of formatted events that all connections share.</summary>
    public long CacheBytesMax { get; set; } = 64L << 20;

    /// <summary>About the bytes of one write to a connection. A connection that waits holds no more.</summary>
    public int WriteBytesMax { get; set; } = 64 << 10;

    /// <summary>Most connections of one address; trusted networks and keys that may read are exempt.</summary>
    public int ConnectionsPerAddressMax { get; set; } = 50;

    /// <summary>
    /// Most connections in all. Fewer than the process accepts, so that readers do not lock producers out.
    /// </summary>
    public int ConnectionsMax { get; set; } = 20_000;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. Within(nameof(HeartbeatInterval), HeartbeatInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        .. Within(nameof(WriteTimeout), WriteTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. Within(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        .. Within(nameof(ShutdownSpread), ShutdownSpread, TimeSpan.Zero, TimeSpan.FromSeconds(8)),
        .. Within(nameof(CacheBytesMax), CacheBytesMax, 1L << 20, 64L << 30),
        .. Within(nameof(WriteBytesMax), WriteBytesMax, 4 << 10, 16 << 20),
        .. Within(nameof(ConnectionsPerAddressMax), ConnectionsPerAddressMax, 1, 1_000_000),
        .. Within(nameof(ConnectionsMax), ConnectionsMax, 1, 1_000_000),
    ];

    private static IEnumerable<OptionFault> Within<T>(string name, T value, T smallest, T largest)
        where T : IComparable<T>, IFormattable => OptionChecks.Within($"{Section}:{name}", value, smallest, largest);
}

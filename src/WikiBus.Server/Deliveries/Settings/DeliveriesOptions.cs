using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Options;

namespace WikiBus.Server.Deliveries.Settings;

/// <summary>Settings of everything that the bus sends by itself.</summary>
internal sealed class DeliveriesOptions : IFeatureOptions
{
    public static string Section => "Deliveries";

    /// <summary>Most records that a subscription holds in memory and has not settled. Then it falls behind.</summary>
    public int QueuedRecordsMax { get; set; } = 256;

    /// <summary>
    /// Most bytes of records that all subscriptions hold in memory. Beyond it, a subscription holds one record at a
    /// time.
    /// </summary>
    public long QueuedBytesMax { get; set; } = 128L << 20;

    /// <summary>Most subscriptions that read the log at the same time because they are behind.</summary>
    public int CatchUpReadersMax { get; set; } = 4;

    /// <summary>Most records of a subscription that are settled above its cursor. Then it reads no more.</summary>
    public int AheadRecordsMax { get; set; } = 10_000;

    /// <summary>
    /// Most requests at the same time. Half of them are only for destinations whose last request succeeded. Requests
    /// that have become slow do not count, up to four times this number.
    /// </summary>
    public int ConcurrencyMax { get; set; } = 64;

    /// <summary>Most deliveries of a subscription that wait for their next try.</summary>
    public int WaitingMax { get; set; } = 10_000;

    /// <summary>Most bytes of waiting and dead deliveries in all. One owner gets at most a quarter.</summary>
    public long WaitingBytesMax { get; set; } = 4L << 30;

    /// <summary>Most dead deliveries of a subscription. At the limit it is suspended.</summary>
    public int DeadMax { get; set; } = 100_000;

    /// <summary>Most bytes of dead deliveries of a subscription. At the limit it is suspended.</summary>
    public long DeadBytesMax { get; set; } = 1L << 30;

    /// <summary>Dead deliveries older than this are removed; null: none.</summary>
    public TimeSpan? DeadAgeMax { get; set; }

    /// <summary>Tries older than this leave the history.</summary>
    public TimeSpan HistoryAgeMax { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Most tries that the history keeps; the oldest leave it.</summary>
    public long HistoryRowsMax { get; set; } = 10_000_000;

    /// <summary>
    /// Networks (CIDR) that every subscription may target beyond the public ones. A key may list more.
    /// </summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>A file with certificates (PEM) of authorities that are trusted beside those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>A connection that takes longer fails.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A request that takes longer fails, unless its subscription says otherwise.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of an answer that are read. A longer answer costs its connection.</summary>
    public int AnswerBytesMax { get; set; } = 64 << 10;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. Within(nameof(QueuedRecordsMax), QueuedRecordsMax, 1, 100_000),
        .. Within(nameof(QueuedBytesMax), QueuedBytesMax, 1L << 20, 64L << 30),
        .. Within(nameof(CatchUpReadersMax), CatchUpReadersMax, 1, 64),
        .. Within(nameof(AheadRecordsMax), AheadRecordsMax, 100, 1_000_000),
        .. Within(nameof(ConcurrencyMax), ConcurrencyMax, 2, 10_000),
        .. Within(nameof(WaitingMax), WaitingMax, 1, 1_000_000),
        .. Within(nameof(WaitingBytesMax), WaitingBytesMax, 1L << 20, 1L << 40),
        .. Within(nameof(DeadMax), DeadMax, 1, 10_000_000),
        .. Within(nameof(DeadBytesMax), DeadBytesMax, 1L << 20, 1L << 40),
        .. OptionChecks.Within(
            $"{Section}:{nameof(DeadAgeMax)}", DeadAgeMax, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
        .. Within(nameof(HistoryAgeMax), HistoryAgeMax, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
        .. Within(nameof(HistoryRowsMax), HistoryRowsMax, 1_000, 10_000_000_000),
        .. AllowedNetworks.SelectMany(static network => OptionChecks.That(
            NetworkList.TryParse(network, out _), $"{Section}:{nameof(AllowedNetworks)}", network,
            "an address or a network such as 10.0.0.0/8 is")),
        .. OptionChecks.That(
            CaFile is null || HasCertificates(CaFile), $"{Section}:{nameof(CaFile)}", CaFile,
            "a file with certificates (PEM) is"),
        .. Within(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        .. Within(nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        .. Within(nameof(AnswerBytesMax), AnswerBytesMax, 1 << 10, 16 << 20),
    ];

    private static bool HasCertificates(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<OptionFault> Within<T>(string name, T value, T smallest, T largest)
        where T : IComparable<T>, IFormattable => OptionChecks.Within($"{Section}:{name}", value, smallest, largest);
}

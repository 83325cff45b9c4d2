using WikiBus.Server.Options;
using WikiBus.Storage;

namespace WikiBus.Server.Streams;

/// <summary>Settings of the streams, section <c>Streams</c>.</summary>
internal sealed class StreamsOptions : IFeatureOptions
{
    public static string Section => "Streams";

    /// <summary>
    /// A file or http(s) URL with the stream configuration; empty: the built-in streams, and any other stream.
    /// </summary>
    public string Source { get; set; } = "";

    /// <summary>Most streams; an event of a further one is an error.</summary>
    public int CountMax { get; set; } = 10_000;

    /// <summary>Time between two reads of a URL. A file is read again within a second after it changed.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time limit for reading from a URL.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of the stream configuration.</summary>
    public int ConfigBytesMax { get; set; } = 16 << 20;

    /// <summary>True: the source is a URL.</summary>
    public bool IsUrl => Source.Contains("://", StringComparison.Ordinal);

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.That(
            Source.Length == 0 || IsFileOrHttpUrl(),
            "Streams:Source", Source, "a file that exists or an http(s) URL without a password is"),
        .. OptionChecks.Within("Streams:CountMax", CountMax, 1, EventLogOptions.StreamCountLimit),
        .. OptionChecks.Within(
            "Streams:ReloadInterval", ReloadInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        .. OptionChecks.Within(
            "Streams:FetchTimeout", FetchTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. OptionChecks.Within("Streams:ConfigBytesMax", ConfigBytesMax, 1 << 10, 1 << 30),
    ];

    private bool IsFileOrHttpUrl() => IsUrl ? OptionChecks.IsHttpUrl(Source) : File.Exists(Source);
}

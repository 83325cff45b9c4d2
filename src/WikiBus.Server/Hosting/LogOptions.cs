using WikiBus.Server.Options;
using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>The embedded log's settings: how large its files are and what it keeps.</summary>
internal sealed class LogOptions : IFeatureOptions
{
    private static readonly EventLogOptions s_defaults = new();

    public static string Section => "Log";

    /// <summary>Size at which a segment is sealed.</summary>
    public long SegmentBytesMax { get; set; } = s_defaults.SegmentBytesMax;

    /// <summary>Most bytes of records in one frame, which is what one flush makes durable.</summary>
    public int FrameBytesMax { get; set; } = s_defaults.FrameBytesMax;

    /// <summary>Records older than this go, whole segments at a time; <c>none</c> keeps them.</summary>
    public TimeSpan? RetentionAgeMax { get; set; } = s_defaults.RetentionAgeMax;

    /// <summary>The oldest segments go while the log is larger than this; <c>none</c> is no limit.</summary>
    public long? RetentionBytesMax { get; set; } = s_defaults.RetentionBytesMax;

    /// <summary>With less than this free on the volume, events are refused with 503.</summary>
    public long FreeBytesMin { get; set; } = s_defaults.FreeBytesMin;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.Within("Log:SegmentBytesMax", SegmentBytesMax, 64L << 10, 64L << 30),
        .. OptionChecks.Within("Log:FrameBytesMax", FrameBytesMax, 4 << 10, 64 << 20),
        .. OptionChecks.Within(
            "Log:RetentionAgeMax", RetentionAgeMax, TimeSpan.FromMinutes(1), TimeSpan.FromDays(36_500)),
        .. OptionChecks.Within("Log:RetentionBytesMax", RetentionBytesMax, 1L << 20, 1L << 60),
        .. OptionChecks.Within("Log:FreeBytesMin", FreeBytesMin, 1L << 20, 1L << 50),
    ];

    /// <summary>The log's own options; what other features limit keeps its default here.</summary>
    public EventLogOptions ToEventLogOptions() => new()
    {
        SegmentBytesMax = SegmentBytesMax,
        FrameBytesMax = FrameBytesMax,
        RetentionAgeMax = RetentionAgeMax,
        RetentionBytesMax = RetentionBytesMax,
        FreeBytesMin = FreeBytesMin,
    };
}

using WikiBus.Server.Options;
using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>Settings of the embedded log: the sizes of its files, and what it keeps.</summary>
internal sealed class LogOptions : IFeatureOptions
{
    private static readonly EventLogOptions s_defaults = new();

    public static string Section => "Log";

    /// <summary>Size at which a segment is sealed.</summary>
    public long SegmentBytesMax { get; set; } = s_defaults.SegmentBytesMax;

    /// <summary>Most bytes of records in one frame, which is what one flush makes durable.</summary>
    public int FrameBytesMax { get; set; } = s_defaults.FrameBytesMax;

    /// <summary>Segments with only older records are deleted; <c>none</c> keeps them.</summary>
    public TimeSpan? RetentionAgeMax { get; set; } = s_defaults.RetentionAgeMax;

    /// <summary>While the log is larger, its oldest segment is deleted; <c>none</c> is no limit.</summary>
    public long? RetentionBytesMax { get; set; } = s_defaults.RetentionBytesMax;

    /// <summary>If the volume has less free space, events are refused with 503.</summary>
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

    /// <summary>The log's own options. Those that other features set keep their defaults here.</summary>
    public EventLogOptions ToEventLogOptions() => new()
    {
        SegmentBytesMax = SegmentBytesMax,
        FrameBytesMax = FrameBytesMax,
        RetentionAgeMax = RetentionAgeMax,
        RetentionBytesMax = RetentionBytesMax,
        FreeBytesMin = FreeBytesMin,
    };
}

using WikiBus.Storage;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>The options of the log that tests set.</summary>
internal sealed class EventLogOptionsBuilder
{
    public long SegmentBytesMax { get; set; } = 64L << 20;

    public long? RetentionBytesMax { get; set; }

    public EventLogOptions Build() => new()
    {
        SegmentBytesMax = SegmentBytesMax,
        RetentionBytesMax = RetentionBytesMax,
    };
}

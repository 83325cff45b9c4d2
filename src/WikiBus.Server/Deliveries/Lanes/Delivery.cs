using WikiBus.Server.Deliveries.Records;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>One record on its way to the destination of a lane. Belongs to the engine's lock.</summary>
internal sealed class Delivery
{
    /// <summary>A delivery that was settled before this start; it only takes its place in the window.</summary>
    /// <param name="position">The record's position.</param>
    /// <param name="timeMs">Its append time.</param>
    public Delivery(long position, long timeMs)
    {
        Position = position;
        TimeMs = timeMs;
        State = DeliveryState.Settled;
    }

    /// <param name="record">The record.</param>
    /// <param name="line">Deliveries with the same number go one after the other; 0: no order.</param>
    public Delivery(DeliveryRecord record, ulong line)
    {
        Record = record;
        Position = record.Position;
        TimeMs = record.TimeMs;
        KeyHash = record.KeyHash;
        Line = line;
    }

    /// <summary>The lane that it belongs to; null only if it was settled before this start.</summary>
    public Lane? Lane { get; init; }

    /// <summary>The record; null once it is settled.</summary>
    public DeliveryRecord? Record { get; private set; }

    public long Position { get; }

    /// <summary>The record's append time, Unix ms.</summary>
    public long TimeMs { get; }

    /// <summary>See <see cref="DeliveryRecord.KeyHash"/>.</summary>
    public ulong KeyHash { get; }

    /// <summary>Deliveries with the same number go one after the other; 0: no order.</summary>
    public ulong Line { get; }

    public DeliveryState State { get; set; }

    /// <summary>Attempts that counted.</summary>
    public int Attempts { get; set; }

    /// <summary>All tries, also those that do not count.</summary>
    public int Tries { get; set; }

    /// <summary>The number of its waiting row; null: it came from the log.</summary>
    public long? Row { get; init; }

    /// <summary>The append time of the record that was read before it; part of the cursor.</summary>
    public long TimeBelowMs { get; init; }

    /// <summary>When it may be tried again, if it has failed.</summary>
    public DateTimeOffset NextTry { get; set; }

    /// <summary>Frees the record.</summary>
    public void Settle()
    {
        State = DeliveryState.Settled;
        Record = null;
    }
}

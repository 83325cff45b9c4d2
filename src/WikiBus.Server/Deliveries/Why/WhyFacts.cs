using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Why;

/// <summary>What is known about a record and a subscription at one moment.</summary>
internal sealed record WhyFacts
{
    public required RecordName Name { get; init; }

    /// <summary>The record; null: the log does not have it.</summary>
    public required DeliveryRecord? Record { get; init; }

    /// <summary>Its row that waits or is dead.</summary>
    public required RecordRow? Row { get; init; }

    /// <summary>The try that says most about it.</summary>
    public required DeliveryTry? Try { get; init; }

    /// <summary>Positions that the subscription never gets.</summary>
    public required IReadOnlyList<StoredRange> Ranges { get; init; }

    public required string SubscriptionId { get; init; }

    public required string SubscriptionState { get; init; }

    /// <summary>Records below were never its own.</summary>
    public required long StartPosition { get; init; }

    /// <summary>Everything below is settled.</summary>
    public required long Cursor { get; init; }

    /// <summary>Is the position one that a running replay has not settled?</summary>
    public required Func<long, bool> IsInReplay { get; init; }

    public required IReadOnlyList<RecordRules> Rules { get; init; }

    /// <summary>May the owner of the subscription read the record?</summary>
    public required bool IsEntitled { get; init; }

    public required string LogId { get; init; }

    /// <summary>The first position that the log has.</summary>
    public required long FirstPosition { get; init; }

    /// <summary>Where the record is or was; null: it is not known.</summary>
    public long? Position => Record?.Position ?? Row?.Position ?? Try?.Position ?? Name.Position;
}

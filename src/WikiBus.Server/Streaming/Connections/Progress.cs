namespace WikiBus.Server.Streaming.Connections;

/// <summary>What a step of a <see cref="StreamConnection"/> led to.</summary>
internal enum Progress
{
    /// <summary>Something was written and waits to be flushed.</summary>
    Written,

    /// <summary>The position moved over records that are not wanted; there is more.</summary>
    PassedOver,

    /// <summary>A large event comes next, and other connections hold all the room for large events.</summary>
    NoRoom,

    /// <summary>No record follows for now.</summary>
    AtHead,

    /// <summary>All records from here on are too late for the request.</summary>
    Finished,
}

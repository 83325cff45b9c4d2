namespace WikiBus.Server.Deliveries.Guard;

/// <summary>Why there was no answer on a connection.</summary>
internal enum BrokenReason
{
    /// <summary>The time for the request passed.</summary>
    Timeout,

    /// <summary>The connection ended before the answer.</summary>
    Reset,

    /// <summary>What came is not an answer of HTTP, or its head is larger than allowed.</summary>
    Protocol,
}

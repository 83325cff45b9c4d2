namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>In which order a subscription gets its records.</summary>
internal enum RecordOrder
{
    /// <summary>Records with the same key one after the other. Records without a key have no order.</summary>
    Key,

    /// <summary>No order.</summary>
    None,

    /// <summary>One record at a time.</summary>
    Strict,
}

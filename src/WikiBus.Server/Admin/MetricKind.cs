namespace WikiBus.Server.Admin;

/// <summary>How an instrument's measurements are kept and written.</summary>
internal enum MetricKind
{
    /// <summary>Measurements are added up.</summary>
    Counter,

    /// <summary>Measurements are sums already.</summary>
    ObservedCounter,

    /// <summary>The last measurement counts.</summary>
    Gauge,

    /// <summary>Measurements are added up and may be negative.</summary>
    UpDownCounter,

    /// <summary>Measurements are counted by size.</summary>
    Histogram,
}

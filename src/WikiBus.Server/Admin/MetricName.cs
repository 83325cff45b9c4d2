using System.Diagnostics.Metrics;

namespace WikiBus.Server.Admin;

/// <summary>
/// Names of instruments in Prometheus's form: underscores, the unit last, and <c>_total</c> after a counter's name.
/// </summary>
internal static class MetricName
{
    private const string Total = "_total";

    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        name = name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
        var unit = Suffix(instrument.Unit);
        var hasUnit = name.EndsWith(unit, StringComparison.Ordinal)
            || name.Contains(unit + "_", StringComparison.Ordinal);
        if (!hasUnit)
        {
            name += unit;
        }

        return kind is MetricKind.Counter or MetricKind.ObservedCounter ? name + Total : name;
    }

    private static string Suffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        _ => "",
    };
}

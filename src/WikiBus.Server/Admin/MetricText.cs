using System.Globalization;
using System.Text;

namespace WikiBus.Server.Admin;

/// <summary>Writes metrics in Prometheus's text format, version 0.0.4.</summary>
internal static class MetricText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(name.Replace('.', '_')).Append("=\"");
            AppendEscaped(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Append('"');
        }

        return text.ToString();
    }

    public static string Of(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics.OrderBy(static metric => metric.Name, StringComparer.Ordinal))
        {
            Append(text, metric);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Metric metric)
    {
        var series = metric.Series.ToList();
        if (series.Count == 0)
        {
            return;
        }

        var description = metric.Description.ReplaceLineEndings(" ");
        text.Append("# HELP ").Append(metric.Name).Append(' ').Append(description).Append('\n')
            .Append("# TYPE ").Append(metric.Name).Append(' ').Append(TypeOf(metric.Kind)).Append('\n');
        foreach (var one in series)
        {
            if (metric.Kind == MetricKind.Histogram)
            {
                AppendHistogram(text, metric.Name, one);
            }
            else
            {
                AppendLine(text, metric.Name, one.Labels, one.Value);
            }
        }
    }

    private static void AppendHistogram(StringBuilder text, string name, MetricSeries series)
    {
        var separator = series.Labels.Length > 0 ? "," : "";
        var count = 0L;
        var buckets = series.Buckets();
        for (var index = 0; index < buckets.Length; index++)
        {
            count += buckets[index];
            var bound = index < series.Bounds.Count ? Number(series.Bounds[index]) : "+Inf";
            AppendLine(text, name + "_bucket", $"{series.Labels}{separator}le=\"{bound}\"", count);
        }

        AppendLine(text, name + "_sum", series.Labels, series.Value);
        AppendLine(text, name + "_count", series.Labels, count);
    }

    private static void AppendLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter or MetricKind.ObservedCounter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static StringBuilder AppendEscaped(StringBuilder text, string value)
    {
        foreach (var character in value)
        {
            text.Append(character switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\n' => "\\n",
                _ => character.ToString(),
            });
        }

        return text;
    }
}

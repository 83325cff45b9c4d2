using System.Text;
using System.Xml;
using System.Xml.Linq;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Compares answers and deliveries with recorded ones: by what they mean, not by their bytes.</summary>
internal static class DreamComparison
{
    private static readonly string[] s_responseHeaders = ["Location", "Content-Location", "Allow"];

    private static readonly string[] s_deliveryHeaders =
    [
        "X-Dream-Event-Id", "X-Dream-Event-Channel", "X-Dream-Event-Resource-Uri", "X-Dream-Event-Origin-Uri",
        "X-Dream-Event-Via-Uri", "Cookie", "Content-Type",
    ];

    private const string Recipients = "X-Dream-Event-Recipient-Uri";

    /// <summary>How an answer differs; null: it does not.</summary>
    public static string? FindDifference(DreamResponse expected, RawResponse actual, Placeholders placeholders)
    {
        if (expected.Status != actual.Status)
        {
            return $"status {actual.Status} in place of {expected.Status}";
        }

        foreach (var name in s_responseHeaders)
        {
            if (!IsSame(expected.Header(name), actual.Headers.GetValueOrDefault(name), placeholders))
            {
                return $"{name}: {actual.Headers.GetValueOrDefault(name)} in place of {expected.Header(name)}";
            }
        }

        var contentType = actual.Headers.GetValueOrDefault("Content-Type");
        return expected.Body.Length > 0 && !IsSame(expected.Header("Content-Type"), contentType, placeholders)
            ? $"Content-Type: {contentType} in place of {expected.Header("Content-Type")}"
            : IsSameBody(expected.Body, actual.Text, placeholders) ? null
            : $"the body differs from {expected.Body}";
    }

    /// <summary>How deliveries differ, which have no order; null: they do not.</summary>
    public static string? FindDifference(
        IReadOnlyList<DreamDelivery> expected, IReadOnlyList<ReceivedDelivery> actual, Placeholders placeholders)
    {
        var left = actual.ToList();
        foreach (var delivery in expected)
        {
            var index = left.FindIndex(one => IsSame(delivery, one, placeholders));
            if (index < 0)
            {
                return $"no delivery is like {Describe(delivery)}; came: {string.Join(" | ", left)}";
            }

            left.RemoveAt(index);
        }

        return left.Count == 0 ? null : $"{left.Count} more deliveries: {string.Join(" | ", left)}";
    }

    private static string Describe(DreamDelivery delivery) =>
        $"{delivery.Recipient} {delivery.Request.Path} "
        + $"{string.Join("; ", delivery.Request.Headers)} {delivery.Request.Text}";

    private static bool IsSame(DreamDelivery expected, ReceivedDelivery actual, Placeholders placeholders)
    {
        var values = placeholders.Clone();
        var request = expected.Request;
        if (expected.Recipient != actual.Recipient || !values.Match(request.Path, actual.Path)
            || !values.Match(request.Query, actual.Query)
            || !AreSameRecipients(request.Header(Recipients), actual.Header(Recipients), values)
            || !Array.TrueForAll(
                s_deliveryHeaders, name => IsSame(request.Header(name), actual.Header(name), values)))
        {
            return false;
        }

        var isSame = request.Bytes is { } bytes
            ? bytes.AsSpan().SequenceEqual(actual.Body)
            : IsSameBody(request.Text ?? "", Encoding.UTF8.GetString(actual.Body), values);
        if (isSame)
        {
            placeholders.Take(values);
        }

        return isSame;
    }

    // They are a set.
    private static bool AreSameRecipients(string? expected, string? actual, Placeholders placeholders) =>
        expected is null || actual is null ? expected == actual
        : expected == "{{ANY}}" || placeholders.Fill(expected).Split(',').ToHashSet(StringComparer.Ordinal)
            .SetEquals(actual.Split(','));

    private static bool IsSame(string? expected, string? actual, Placeholders placeholders) =>
        expected is null || actual is null ? expected == actual : placeholders.Match(expected, actual);

    private static bool IsSameBody(string expected, string actual, Placeholders placeholders)
    {
        try
        {
            return expected.Length > 0 && expected[0] == '<'
                ? IsSame(XDocument.Parse(expected).Root!, XDocument.Parse(actual).Root!, placeholders)
                : placeholders.Match(expected, actual);
        }
        catch (XmlException)
        {
            return placeholders.Match(expected, actual);
        }
    }

    private static bool IsSame(XElement expected, XElement actual, Placeholders placeholders)
    {
        List<XElement> left = [.. expected.Elements()], right = [.. actual.Elements()];
        return expected.Name == actual.Name
            && left.Count == right.Count
            && expected.Attributes().Count() == actual.Attributes().Count()
            && expected.Attributes().All(attribute => actual.Attribute(attribute.Name) is { } other
                && placeholders.Match(attribute.Value, other.Value))
            && placeholders.Match(TextOf(expected), TextOf(actual))
            && left.Zip(right).All(pair => IsSame(pair.First, pair.Second, placeholders));
    }

    private static string TextOf(XElement element) =>
        string.Concat(element.Nodes().OfType<XText>().Select(static text => text.Value)).Trim();
}

using System.Globalization;
using System.Xml.Linq;

namespace WikiBus.Server.Dream.Sets;

/// <summary>Writes subscription sets in Dream's form: the order of nodes, and no white space between them.</summary>
/// <remarks>Dream leaves <c>max-failure-duration</c> out, so a set that was read could not be put back.</remarks>
internal static class SetWriter
{
    public static XElement Write(SubscriptionSet set)
    {
        var root = new XElement(
            "subscription-set",
            new XAttribute("max-failures", set.FailuresMax.ToString(CultureInfo.InvariantCulture)));
        if (set.IsStrict)
        {
            root.SetAttributeValue(
                "max-failure-duration", set.FailureSecondsMax.ToString(CultureInfo.InvariantCulture));
        }

        root.SetAttributeValue("version", set.Version?.ToString(CultureInfo.InvariantCulture));
        root.Add(new XElement("uri.owner", set.Owner), set.Subscriptions.Select(Write));
        return root;
    }

    /// <summary>
    /// Do two sets say the same? Their versions do not count, nor do the ids of subscriptions: those of a combined set
    /// are other ones at each version.
    /// </summary>
    public static bool IsSame(SubscriptionSet one, SubscriptionSet other) => TextOf(one) == TextOf(other);

    private static string TextOf(SubscriptionSet set)
    {
        var document = Write(set with { Version = null });
        document.Elements("subscription").Attributes("id").Remove();
        return document.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Write(SetSubscription subscription) => new(
        "subscription",
        new XAttribute("id", subscription.Id),
        subscription.Channels.Select(static channel => new XElement("channel", channel)),
        subscription.Resources.Select(static resource => new XElement("uri.resource", resource)),
        subscription.Cookie is { } cookie ? XElement.Parse(cookie.Xml) : null,
        subscription.Proxy is { } proxy ? new XElement("uri.proxy", proxy) : null,
        subscription.Recipients.Select(static recipient => XElement.Parse(recipient.Xml)));
}

using System.Xml.Linq;
using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

/// <summary>Makes sets from short texts.</summary>
internal static class TestSets
{
    public const string Recipient = "<recipient><uri>http://a/q</uri></recipient>";

    public static SubscriptionSet Read(string xml)
    {
        SetReader.TryRead(XElement.Parse(xml), out var set, out var fault).ShouldBeTrue(fault);
        return set!;
    }

    /// <summary>A set with these nodes.</summary>
    public static SubscriptionSet Of(string owner, string subscriptions, string attributes = "") =>
        Read($"<subscription-set {attributes}><uri.owner>{owner}</uri.owner>{subscriptions}</subscription-set>");

    public static string Write(SubscriptionSet set) =>
        SetWriter.Write(set).ToString(SaveOptions.DisableFormatting);

    /// <summary>A subscription with a channel and a recipient.</summary>
    public static string Subscription(string channel, string recipient, string more = "") =>
        $"<subscription><channel>{channel}</channel>{more}<recipient><uri>{recipient}</uri></recipient></subscription>";
}

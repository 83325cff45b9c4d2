using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Xml.Linq;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// Reads subscription sets. The name of the root, unknown nodes and <c>filter</c> are ignored. The texts of faults, and
/// the order of the checks, are Dream's.
/// </summary>
/// <remarks>Source: <c>PubSubSubscriptionSet</c> and <c>PubSubSubscription</c> of Dream 2.2, and recorded
/// answers.</remarks>
internal static class SetReader
{
    /// <summary>Most subscriptions of a set.</summary>
    public const int SubscriptionsMax = 50_000;

    /// <summary>The failures that are allowed if the set does not say it.</summary>
    public const int FailuresDefault = 5;

    private const string Wrong = "Unable to parse subscription set: ";
    private const string WrongSubscription = Wrong + "Unable to parse subscription: ";
    private const string NoNumber = Wrong + "Input string was not in a correct format.";

    /// <summary>Reads a set.</summary>
    /// <param name="root">The root of its document.</param>
    /// <param name="set">The set.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryRead(
        XElement root, [NotNullWhen(true)] out SubscriptionSet? set, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            (set, fault) = (Read(root), null);
            return true;
        }
        catch (FormatException exception)
        {
            (set, fault) = (null, exception.Message);
            return false;
        }
    }

    /// <summary>The version of a set, which counts before the set is read; null: it has none.</summary>
    public static bool TryReadVersion(XElement root, out long? version, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            (version, fault) = (VersionOf(root), null);
            return true;
        }
        catch (FormatException exception)
        {
            (version, fault) = (null, exception.Message);
            return false;
        }
    }

    private static SubscriptionSet Read(XElement root)
    {
        var owner = UriOf(root.Element("uri.owner")?.Value ?? "", Wrong);
        var duration = DurationOf(root);
        var subscriptions = root.Elements("subscription").ToList();
        if (subscriptions.Count > SubscriptionsMax)
        {
            throw new FormatException(
                $"{Wrong}{subscriptions.Count} subscriptions are too many; at most {SubscriptionsMax} are allowed");
        }

        return new SubscriptionSet(
            owner, VersionOf(root), duration != 0 ? int.MaxValue : FailuresOf(root), duration,
            [.. subscriptions.Select(ReadSubscription)]);
    }

    private static SetSubscription ReadSubscription(XElement element)
    {
        List<XElement> channels = [.. element.Elements("channel")], recipients = [.. element.Elements("recipient")];
        var proxies = element.Elements("uri.proxy").ToList();
        Require(channels.Count > 0, "<subscription> must have at least one <channel>");
        Require(element.Elements("filter").Count() <= 1, "<subscription> must have zero or one <filter>");
        Require(proxies.Count <= 1, "<subscription> must have zero or one <uri.proxy>");
        Require(recipients.Count > 0, "<subscription> must have at least one valid <recipient>");
        Require(
            proxies.Count == 1 || recipients.Count == 1,
            "<subscription> must include <uri.proxy> if there is more than one <recipient>");
        var id = element.Attribute("id")?.Value;
        return new SetSubscription(
            string.IsNullOrEmpty(id) ? Guid.NewGuid().ToString() : id,
            [.. channels.Select(static channel => PatternOf(channel.Value))],
            [.. element.Elements("uri.resource").Select(static uri => PatternOf(uri.Value))],
            element.Element("set-cookie") is { } cookie ? ReadCookie(cookie) : null,
            proxies is [var proxy] ? UriOf(proxy.Value, WrongSubscription) : null,
            [.. recipients.Select(ReadRecipient)]);
    }

    private static SetRecipient ReadRecipient(XElement element)
    {
        if (element.Element("uri") is not { } uri)
        {
            throw new FormatException($"{WrongSubscription}A recipient must have a uri");
        }

        return new SetRecipient(
            UriOf(uri.Value, WrongSubscription), element.Attribute("authtoken")?.Value,
            element.Attribute("userid")?.Value, element.ToString(SaveOptions.DisableFormatting));
    }

    private static SetCookie ReadCookie(XElement element)
    {
        var name = element.Element("name")?.Value;
        if (string.IsNullOrEmpty(name))
        {
            throw new FormatException($"{WrongSubscription}Name cannot be empty");
        }

        var uri = element.Element("uri")?.Value;
        var version = int.TryParse(element.Attribute("version")?.Value, CultureInfo.InvariantCulture, out var number)
            ? number : 1;
        var expires = DateTimeOffset.TryParse(
            element.Element("expires")?.Value, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : (DateTimeOffset?)null;

        // Dream always shows the version.
        element.SetAttributeValue("version", version);
        return new SetCookie(
            name, element.Element("value")?.Value ?? "", DreamUri.TryParse(uri, out _) ? uri : null, expires, version,
            element.ToString(SaveOptions.DisableFormatting));
    }

    private static string UriOf(string text, string prefix) => DreamUri.TryParse(text, out _)
        ? text
        : throw new FormatException($"{prefix}invalid uri syntax: {text}");

    private static string PatternOf(string text) =>
        ChannelPattern.TryParse(UriOf(text, WrongSubscription), out _, out var fault)
            ? text
            : throw new FormatException(WrongSubscription + fault);

    private static void Require(bool holds, string text)
    {
        if (!holds)
        {
            throw new FormatException(Wrong + text);
        }
    }

    private static int FailuresOf(XElement root)
    {
        if (root.Attribute("max-failures")?.Value is not { } text)
        {
            return FailuresDefault;
        }

        var number = NumberOf(text);
        return number >= int.MinValue && number <= int.MaxValue
            ? (int)number
            : throw new FormatException($"{Wrong}Value was either too large or too small for an Int32.");
    }

    private static double DurationOf(XElement root) =>
        root.Attribute("max-failure-duration")?.Value is not { } text ? 0
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && double.IsFinite(seconds) ? seconds
        : throw new FormatException(NoNumber);

    private static long? VersionOf(XElement root)
    {
        if (root.Attribute("version")?.Value is not { } text)
        {
            return null;
        }

        var number = NumberOf(text);
        return number >= long.MinValue && number <= long.MaxValue
            ? (long)number
            : throw new FormatException($"{Wrong}Value was either too large or too small for an Int64.");
    }

    private static Int128 NumberOf(string text) =>
        Int128.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException(NoNumber);
}

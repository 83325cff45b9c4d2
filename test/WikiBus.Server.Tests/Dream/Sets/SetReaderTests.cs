using System.Xml.Linq;
using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

public sealed class SetReaderTests
{
    private const string Channel = "<channel>event://a/b</channel>";
    private const string Owner = "<uri.owner>http://o</uri.owner>";

    [Theory]
    [InlineData("", "invalid uri syntax: ")]
    [InlineData("<uri.owner> http://o </uri.owner>", "invalid uri syntax:  http://o ")]
    [InlineData(Owner + "<subscription>" + TestSets.Recipient + "</subscription>",
        "<subscription> must have at least one <channel>")]
    [InlineData(Owner + "<subscription>" + Channel + "<filter/><filter/>" + TestSets.Recipient + "</subscription>",
        "<subscription> must have zero or one <filter>")]
    [InlineData(Owner + "<subscription>" + Channel + "<uri.proxy/><uri.proxy/>" + TestSets.Recipient
        + "</subscription>", "<subscription> must have zero or one <uri.proxy>")]
    [InlineData(Owner + "<subscription>" + Channel + "</subscription>",
        "<subscription> must have at least one valid <recipient>")]
    [InlineData(Owner + "<subscription>" + Channel + TestSets.Recipient + TestSets.Recipient + "</subscription>",
        "<subscription> must include <uri.proxy> if there is more than one <recipient>")]
    [InlineData(Owner + "<subscription>" + Channel + "<recipient/></subscription>",
        "Unable to parse subscription: A recipient must have a uri")]
    [InlineData(Owner + "<subscription><channel>x</channel>" + TestSets.Recipient + "</subscription>",
        "Unable to parse subscription: invalid uri syntax: x")]
    [InlineData(Owner + "<subscription>" + Channel + "<set-cookie/>" + TestSets.Recipient + "</subscription>",
        "Unable to parse subscription: Name cannot be empty")]
    [InlineData(Owner + "<subscription>" + Channel + "<uri.resource>x</uri.resource>" + TestSets.Recipient
        + "</subscription>", "Unable to parse subscription: invalid uri syntax: x")]
    [InlineData(Owner + "<subscription>" + Channel + "<uri.proxy>x</uri.proxy>" + TestSets.Recipient
        + "</subscription>", "Unable to parse subscription: invalid uri syntax: x")]
    [InlineData(Owner + "<subscription>" + Channel + "<recipient><uri>x</uri></recipient></subscription>",
        "Unable to parse subscription: invalid uri syntax: x")]
    public void MalformedSet_HasDreamsFault(string nodes, string fault) =>
        FaultOf($"<s>{nodes}</s>").ShouldBe("Unable to parse subscription set: " + fault);

    /// <summary>The engine could not match such a pattern, and a start could not load it.</summary>
    [Theory]
    [InlineData("channel")]
    [InlineData("uri.resource")]
    public void PatternThatIsTooLong_IsRefused(string name)
    {
        var uri = "http://a/" + new string('b', 1_016);
        string Set(string text) => $"<s>{Owner}<subscription>{Channel}<{name}>{text}</{name}>{TestSets.Recipient}"
            + "</subscription></s>";
        FindFault(Set(uri[..1_024])).ShouldBeNull();
        FaultOf(Set(uri)).ShouldContain("at most 1024 bytes");
    }

    [Theory]
    [InlineData("max-failures=''", "Input string was not in a correct format.")]
    [InlineData("max-failures='2147483648'", "Value was either too large or too small for an Int32.")]
    [InlineData("max-failure-duration='abc'", "Input string was not in a correct format.")]
    [InlineData("max-failure-duration='NaN'", "Input string was not in a correct format.")]
    [InlineData("version='1.5'", "Input string was not in a correct format.")]
    [InlineData("max-failures='-2147483649'", "Value was either too large or too small for an Int32.")]
    [InlineData("version='-9223372036854775809'", "Value was either too large or too small for an Int64.")]
    [InlineData("version='9223372036854775808'", "Value was either too large or too small for an Int64.")]
    public void MalformedNumber_HasDreamsFault(string attribute, string fault) =>
        FaultOf($"<s {attribute}>{Owner}</s>").ShouldBe("Unable to parse subscription set: " + fault);

    [Fact]
    public void TooManySubscriptions_AreRefused()
    {
        var one = TestSets.Subscription("event://a/b", "http://a/q");
        var fault = FaultOf($"<s>{Owner}{string.Concat(Enumerable.Repeat(one, SetReader.SubscriptionsMax + 1))}</s>");
        fault.ShouldBe(
            "Unable to parse subscription set: 50001 subscriptions are too many; at most 50000 are allowed");
    }

    [Fact]
    public void SetWithoutMuch_HasTheDefaults()
    {
        var set = TestSets.Read($"<other>{Owner}</other>");
        set.ShouldSatisfyAllConditions(
            () => set.Owner.ShouldBe("http://o"),
            () => set.Version.ShouldBeNull(),
            () => set.FailuresMax.ShouldBe(5),
            () => set.IsStrict.ShouldBeFalse(),
            () => set.Subscriptions.ShouldBeEmpty());
    }

    [Fact]
    public void SetWithDuration_IgnoresTheNumberOfFailures()
    {
        var set = TestSets.Of("http://o", "", "max-failures='x' max-failure-duration='1.5'");
        set.ShouldSatisfyAllConditions(
            () => set.FailuresMax.ShouldBe(int.MaxValue),
            () => set.FailureSecondsMax.ShouldBe(1.5),
            () => set.IsStrict.ShouldBeTrue());
    }

    /// <summary>.NET's numbers have signs and white space around them, and so Dream's have.</summary>
    [Theory]
    [InlineData("version=' -9223372036854775808 ' max-failures='-2147483648'", long.MinValue, int.MinValue)]
    [InlineData("version='+9223372036854775807' max-failures=' 2147483647'", long.MaxValue, int.MaxValue)]
    public void Numbers_MayHaveASign(string attributes, long version, int failures)
    {
        var set = TestSets.Of("http://o", "", attributes);
        (set.Version, set.FailuresMax).ShouldBe((version, failures));
        SetReader.TryReadVersion(XElement.Parse($"<s {attributes}/>"), out var alone, out _).ShouldBeTrue();
        alone.ShouldBe(version);
    }

    [Fact]
    public void NegativeDuration_IsADurationToo()
    {
        var set = TestSets.Of("http://o", "", "max-failures='3' max-failure-duration='-1'");
        (set.FailuresMax, set.FailureSecondsMax, set.IsStrict).ShouldBe((int.MaxValue, -1, true));
    }

    [Fact]
    public void ManySubscriptions_AreAllowedUpToTheLimit()
    {
        var one = TestSets.Subscription("event://a/b", "http://a/q");
        TestSets.Of("http://o", string.Concat(Enumerable.Repeat(one, SetReader.SubscriptionsMax)))
            .Subscriptions.Count.ShouldBe(SetReader.SubscriptionsMax);
    }

    [Fact]
    public void RecipientAndDestination_AreThoseOfTheSubscription()
    {
        var set = TestSets.Of(
            "http://o", TestSets.Subscription("event://a/b", "http://a/q") + "<subscription>" + Channel
                + "<uri.proxy>http://p</uri.proxy><recipient authtoken='t' userid='7'><uri>http://b/q</uri></recipient>"
                + "</subscription>");
        set.Subscriptions.Select(static one => one.Destination).ShouldBe(["http://a/q", "http://p"]);
        var recipient = set.Subscriptions[1].Recipients.ShouldHaveSingleItem();
        (recipient.Uri, recipient.AuthToken, recipient.UserId).ShouldBe(("http://b/q", "t", "7"));
        var other = set.Subscriptions[0].Recipients.ShouldHaveSingleItem();
        (other.AuthToken, other.UserId).ShouldBe((null, null));
    }

    [Fact]
    public void CookieWithoutMuch_HasTheDefaults()
    {
        var set = TestSets.Of("http://o", TestSets.Subscription(
            "event://a/b", "http://a/q",
            "<set-cookie version='x'><name>n</name><uri>no uri</uri><expires>then</expires></set-cookie>"));
        var cookie = set.Subscriptions[0].Cookie.ShouldNotBeNull();
        cookie.ShouldBe(new SetCookie("n", "", Uri: null, Expires: null, Version: 1, cookie.Xml));
    }

    [Fact]
    public void SubscriptionWithoutId_GetsOne()
    {
        var set = TestSets.Of(
            "http://o", TestSets.Subscription("event://a/b", "http://a/q") + "<subscription id=''>"
                + Channel + TestSets.Recipient + "</subscription>");
        set.Subscriptions.ShouldAllBe(static subscription => subscription.Id.Length == 36);
        set.Subscriptions[0].Id.ShouldNotBe(set.Subscriptions[1].Id);
    }

    [Fact]
    public void Cookie_IsRead()
    {
        var set = TestSets.Of("http://o", TestSets.Subscription(
            "event://a/b", "http://a/q",
            "<set-cookie><name>n</name><uri>http://a/x</uri><value>v 1;</value>"
            + "<expires>Sat, 01 Jan 2000 00:00:00 GMT</expires></set-cookie><set-cookie><name>m</name></set-cookie>"));
        var cookie = set.Subscriptions[0].Cookie.ShouldNotBeNull();
        cookie.ShouldBe(new SetCookie(
            "n", "v 1;", "http://a/x", new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), 1, cookie.Xml));
    }

    private static string? FindFault(string xml)
    {
        SetReader.TryRead(XElement.Parse(xml), out _, out var fault);
        return fault;
    }

    private static string FaultOf(string xml)
    {
        SetReader.TryRead(XElement.Parse(xml), out var set, out var fault).ShouldBeFalse();
        set.ShouldBeNull();
        return fault!;
    }
}

using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

public sealed class CombinedSetTests
{
    private const string Own = "http://own/pubsub";

    [Fact]
    public void EqualPairsOfChannelAndResource_AreOneSubscription()
    {
        var combined = Combine(
            TestSets.Of("http://o/1", TestSets.Subscription(
                "event://a/x", "http://a/1", "<channel>event://a/y</channel><uri.resource>http://r/1</uri.resource>")),
            TestSets.Of("http://o/2", TestSets.Subscription(
                "event://a/y", "http://a/2",
                "<uri.resource>http://r/1</uri.resource><uri.resource>http://r/2</uri.resource>")));
        PairsOf(combined).ShouldBe(
        [
            "event://a/x http://r/1: http://a/1", "event://a/y http://r/1: http://a/2 http://a/1",
            "event://a/y http://r/2: http://a/2",
        ]);
        combined.ShouldSatisfyAllConditions(
            () => combined.Owner.ShouldBe(Own),
            () => combined.Version.ShouldBe(7),
            () => combined.FailuresMax.ShouldBe(SetReader.FailuresDefault),
            () => combined.IsStrict.ShouldBeFalse(),
            () => combined.Subscriptions.ShouldAllBe(static one => one.Proxy == Own + "/publish"),
            () => combined.Subscriptions.ShouldAllBe(static one => one.Cookie == null));
    }

    [Fact]
    public void OfTwoEqualRecipients_TheLaterOneCounts()
    {
        var combined = Combine(
            TestSets.Of("http://o/1", "<subscription><channel>event://a/x</channel>"
                + "<recipient authtoken='one'><uri>http://a/1</uri></recipient></subscription>"),
            TestSets.Of("http://o/2", "<subscription><channel>event://a/x</channel>"
                + "<recipient authtoken='two'><uri>http://a/1</uri></recipient></subscription>"));
        combined.Subscriptions.ShouldHaveSingleItem().Recipients.ShouldHaveSingleItem().AuthToken.ShouldBe("two");
    }

    [Fact]
    public void ChannelsOfPubsub_AreLeftOut()
    {
        var combined = Combine(TestSets.Of("http://o/1", TestSets.Subscription(
            "pubsub://*/*", "http://a/1", "<channel>event://a/x</channel><channel>PUBSUB://*/*</channel>")));
        PairsOf(combined).ShouldBe(["event://a/x : http://a/1", "PUBSUB://*/* : http://a/1"]);
    }

    [Fact]
    public void Ids_ChangeWithTheVersion()
    {
        var set = TestSets.Of("http://o/1", TestSets.Subscription("event://a/x", "http://a/1"));
        var first = CombinedSet.Of([set], Own, version: 1, token: null).Subscriptions[0].Id;
        CombinedSet.Of([set], Own, version: 1, token: null).Subscriptions[0].Id.ShouldBe(first);
        CombinedSet.Of([set], Own, version: 2, token: null).Subscriptions[0].Id.ShouldNotBe(first);
        Guid.TryParse(first, out _).ShouldBeTrue();
    }

    [Fact]
    public void Ids_AndRecipientsThatDifferInCase_AreDistinct()
    {
        var combined = Combine(TestSets.Of("http://o/1", TestSets.Subscription(
            "event://a/x", "http://a/1",
            "<channel>event://a/y</channel><uri.resource>http://r/1</uri.resource>"
            + "<uri.resource>http://r/2</uri.resource>")
            + TestSets.Subscription("event://a/x", "http://A/1", "<uri.resource>http://r/1</uri.resource>")));
        combined.Subscriptions.Select(static one => one.Id).Distinct().Count().ShouldBe(4);
        combined.Subscriptions[0].Recipients.Select(static one => one.Uri).ShouldBe(["http://A/1", "http://a/1"]);
    }

    [Fact]
    public void Token_IsInEachSubscription()
    {
        var set = TestSets.Of("http://o/1", TestSets.Subscription("event://a/x", "http://a/1"));
        TestSets.Write(CombinedSet.Of([set], Own, version: 1, token: "t")).ShouldContain(
            "<set-cookie version=\"1\"><name>service-key</name><uri>http://own/pubsub</uri><value>t</value>");
    }

    [Fact]
    public void ManySubscriptionsOfOneChannel_AreCombinedInLinearTime()
    {
        var many = string.Concat(Enumerable.Range(0, SetReader.SubscriptionsMax).Select(
            static number => TestSets.Subscription("event://a/x", $"http://a/{number}")));
        Combine(TestSets.Of("http://o/1", many)).Subscriptions.ShouldHaveSingleItem()
            .Recipients.Count.ShouldBe(SetReader.SubscriptionsMax);
    }

    private static SubscriptionSet Combine(params SubscriptionSet[] sets) =>
        CombinedSet.Of(sets, Own, version: 7, token: null);

    private static IEnumerable<string> PairsOf(SubscriptionSet set) => set.Subscriptions.Select(static one =>
        $"{one.Channels.Single()} {one.Resources.SingleOrDefault()}: "
        + string.Join(' ', one.Recipients.Select(static recipient => recipient.Uri)));
}

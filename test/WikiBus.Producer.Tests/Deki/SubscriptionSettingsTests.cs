using WikiBus.Producer.Deki;

namespace WikiBus.Producer.Tests.Deki;

/// <summary>Which settings of a subscription are allowed.</summary>
public sealed class SubscriptionSettingsTests
{
    private const string Uris = " must be an absolute URI of http or https without credentials and fragment.";
    private const string Patterns = "Channels must have at least one channel";

    public static TheoryData<Action<DekiSubscriptionOptions>> Allowed => new()
    {
        { static _ => { } },
        { static options => options.SubscribersUri = new Uri("https://bus.example/x/subscribers?apikey=1") },
        { static options => (options.ApiKey, options.RecipientSecret) = ("!", "~'a:b=c") },
        { static options => options.AccessKey = "-_.~aZ09" },
        { static options => options.AccessKey = new string('a', 64) },
        { static options => options.Timeout = TimeSpan.FromTicks(1) },
        { static options => options.Timeout = TimeSpan.FromHours(1) },
        { static options => options.Channels.Add("event:///x?y#z") },
        { static options => options.Resources.Add("http://*/@api/deki/pages/*") },
        { static options => options.AuthToken = "a b" },
    };

    public static TheoryData<Action<DekiSubscriptionOptions>, string> Faults => new()
    {
        { static options => options.SubscribersUri = null, "SubscribersUri" + Uris },
        { static options => options.SubscribersUri = new Uri("/a", UriKind.Relative), "SubscribersUri" + Uris },
        { static options => options.SubscribersUri = new Uri("ftp://bus/"), "SubscribersUri" + Uris },
        { static options => options.OwnerUri = null, "OwnerUri" + Uris },
        { static options => options.OwnerUri = new Uri("http://user:pass@wiki/"), "OwnerUri" + Uris },
        { static options => options.OwnerUri = new Uri("http://user@wiki/"), "OwnerUri" + Uris },
        { static options => options.RecipientUri = null, "RecipientUri" + Uris },
        { static options => options.RecipientUri = new Uri("http://wiki/events#1"), "RecipientUri" + Uris },
        { static options => options.Channels.Clear(), Patterns },
        { static options => options.Channels.Add("pages"), Patterns },
        { static options => options.Channels.Add("event://a/ b"), Patterns },
        { static options => options.Channels.Add("event://a/\u00e9"), Patterns },
        { static options => options.Resources.Add("pages"), Patterns },
        { static options => options.Resources.Add("http://a/\r\n"), Patterns },
        { static options => options.ApiKey = "", "ApiKey must consist of visible ASCII" },
        { static options => options.ApiKey = "a;b", "ApiKey must consist of visible ASCII" },
        { static options => options.RecipientSecret = "", "RecipientSecret must consist of visible ASCII" },
        { static options => options.RecipientSecret = "a\r\nb", "RecipientSecret must consist of visible ASCII" },
        { static options => options.AccessKey = null, "AccessKey must have 1 to 64 letters" },
        { static options => options.AccessKey = "", "AccessKey must have 1 to 64 letters" },
        { static options => options.AccessKey = "a/b", "AccessKey must have 1 to 64 letters" },
        { static options => options.AccessKey = "\u00e9", "AccessKey must have 1 to 64 letters" },
        { static options => options.AccessKey = new string('a', 65), "AccessKey must have 1 to 64 letters" },
        { static options => options.Timeout = TimeSpan.Zero, "Timeout must be more than 0 and at most 01:00:00." },
        { static options => options.Timeout = TimeSpan.FromTicks(-1), "Timeout must be more than 0" },
        { static options => options.Timeout = TimeSpan.FromTicks(TimeSpan.TicksPerHour + 1), "Timeout must be more" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void SettingWithinTheLimits_IsAllowed(Action<DekiSubscriptionOptions> change) =>
        FaultsOf(change).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Faults))]
    public void SettingThatIsNotAllowed_IsTheOnlyFault(Action<DekiSubscriptionOptions> change, string fault) =>
        FaultsOf(change).ShouldHaveSingleItem().ShouldStartWith(fault);

    [Fact]
    public void AllFaults_AreReportedAtOnce()
    {
        var faults = new DekiSubscriptionValidator().Validate(name: null, new DekiSubscriptionOptions()).Failures!;
        faults.Select(static fault => fault.Split(' ')[0]).ShouldBe(
            ["SubscribersUri", "OwnerUri", "RecipientUri", "Channels", "AccessKey"]);
    }

    [Fact]
    public void FaultOfASecret_DoesNotRepeatIt() =>
        FaultsOf(static options => (options.ApiKey, options.AccessKey) = ("secret;", "secret/"))
            .ShouldAllBe(static fault => !fault.Contains("secret"));

    private static IEnumerable<string> FaultsOf(Action<DekiSubscriptionOptions> change)
    {
        var options = new DekiSubscriptionOptions
        {
            SubscribersUri = new Uri("http://bus/pubsub/subscribers"),
            OwnerUri = new Uri("http://wiki/"),
            RecipientUri = new Uri("http://wiki/events"),
            AccessKey = "access-key",
        };
        options.Channels.Add("event://*/deki/pages/*");
        change(options);
        var result = new DekiSubscriptionValidator().Validate(name: null, options);
        result.Succeeded.ShouldBe(result.Failures is null);
        return result.Failures ?? [];
    }
}

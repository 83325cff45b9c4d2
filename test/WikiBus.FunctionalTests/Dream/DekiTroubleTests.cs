namespace WikiBus.FunctionalTests.Dream;

/// <summary>Answers of a wiki that are none, and documents that try to use the bus against the wiki.</summary>
public sealed class DekiTroubleTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task StatusThatSaysNothingAboutTheUser_IsNoRefusal(int status)
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "userid='1'");
        scene.Trouble = _ => status;
        await PublishAsync(scene, "default");
        scene.Received.ShouldBeEmpty();
        scene.States()[0].Reason.ShouldBe("deki-api");
        await RecoverAsync(scene);
        scene.Received.ShouldBe(["A/q"]);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task RefusalOfTheWiki_EndsTheEvent(int status)
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "userid='1'");
        scene.Trouble = _ => status;
        await PublishAsync(scene, "default");
        await RecoverAsync(scene);
        scene.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<html><body>Please log in.</body></html>")]
    [InlineData("Please log in.")]
    [InlineData("<!DOCTYPE users [<!ENTITY e '1'>]><users><user id='&e;'/></users>")]
    [InlineData("")]
    public async Task DocumentThatIsNoAnswer_IsNoRefusal(string text)
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "userid='1'");
        await SubscribeAsync(scene, "B", "authtoken='instance-key'");
        scene.Text = text;
        await PublishAsync(scene, "default");
        scene.Received.ShouldBeEmpty();
        scene.Text = null;
        await RecoverAsync(scene);
        scene.Received.ShouldBe(["A/q", "B/q"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("default&#13;&#10;X-Forged: 1")]
    [InlineData("default&#10;X-Forged: 1")]
    [InlineData("default,host=other")]
    [InlineData("größe")]
    public async Task ForgedWikiId_ReachesNoWiki_AndHoldsNothingUp(string wiki)
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "userid='1'");
        await SubscribeAsync(scene, "B", "authtoken='instance-key'");
        await SubscribeAsync(scene, "C", $"authtoken='{DekiScene.MasterKey}'");
        await PublishAsync(scene, wiki);
        scene.Received.ShouldBe(["C/q"]);
        scene.Calls.ShouldBeEmpty();
        scene.States().ShouldAllBe(static one => one.Lag == 0 && one.Reason != "deki-api");
    }

    private static async Task RecoverAsync(DekiScene scene)
    {
        scene.Trouble = static _ => null;
        scene.Jump(TimeSpan.FromMinutes(1));
        await scene.UntilAsync(() => scene.States().All(static one => one.Lag == 0 && one.Waiting == 0));
    }

    private static Task SubscribeAsync(DekiScene scene, string letter, string attributes) => scene.SendAsync(
        "/subscribers",
        $"<a><uri.owner>http://owner/{letter}</uri.owner><subscription><channel>event://*/*</channel>"
        + $"<recipient {attributes}><uri>{scene.UriOf(letter)}/q</uri></recipient></subscription></a>",
        ("Content-Type", "application/xml"), ("X-Set-Location-Key", letter));

    private static Task PublishAsync(DekiScene scene, string wiki) => scene.SendAsync(
        "/publish", $"<deki-event wikiid='{wiki}'><pageid>10</pageid></deki-event>",
        ("Content-Type", "application/xml"), ("X-Dream-Event-Channel", "event://default/deki/pages/update"),
        ("X-Dream-Event-Origin-Uri", "http://o/1"));
}

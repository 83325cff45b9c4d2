using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.StateSamples;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>An input that no event can have is refused where it is given.</summary>
public sealed class InputTests
{
    [Fact]
    public void Pages_NeedAnIdAndATitle()
    {
        Refuses(() => Page with { Id = 0 });
        Refuses(() => Page with { Id = 1L << 53 });
        Refuses(() => Page with { Title = "" });
        Refuses(() => Page with { Title = " " });
        Refuses(() => Page with { Title = "A\ud800" });
        Refuses(() => Page with { Title = new string('a', 513) });
    }

    [Fact]
    public void Users_NeedANameAndPossibleNumbers()
    {
        Refuses(() => Alice with { Name = "" });
        Refuses(() => Alice with { Name = "\udc00" });
        Refuses(() => Alice with { Id = -1 });
        Refuses(() => Alice with { EditCount = -1 });
        Refuses(() => Alice with { Groups = ["*", ""] });
    }

    [Fact]
    public void Revisions_NeedIdsSizesHashesAndAMainSlot()
    {
        Refuses(() => Revision with { Id = 0 });
        Refuses(() => Revision with { ParentId = -1 });
        Refuses(() => Revision with { Size = -1 });
        Refuses(() => Revision with { Sha1 = "" });
        Refuses(() => Revision with { Slots = [] });
        Refuses(() => Revision with { Slots = [Main with { Role = "extra" }] });
        Refuses(() => Revision with { Slots = [Main, Main] });
        Refuses(() => Revision with { Slots = [Main, Main with { Role = "a" }, Main with { Role = "a" }] });
        Refuses(() => Main with { Role = "" });
        Refuses(() => Main with { ContentModel = "" });
        Refuses(() => Main with { ContentFormat = "\ud800" });
        Refuses(() => Main with { Sha1 = "" });
        Refuses(() => Main with { Size = -1 });
        Refuses(() => Main with { OriginRevisionId = -1 });
    }

    [Fact]
    public void Contexts_NeedARequest()
    {
        Refuses(() => Context with { RequestId = "" });
        Refuses(() => new EventContext(Context.Id, "\ud800", Time));
    }

    [Fact]
    public void Comments_AreUnicode()
    {
        Refuses(() => new WikiComment("\ud800"));
        Refuses(() => new WikiComment("a", "\udc00\ud800"));
        Refuses(() => Reason with { Text = "\ud800" });
        new WikiComment("\ud83d\ude00").Text.ShouldBe("😀");
    }

    [Fact]
    public void Sites_NeedADatabaseAServerAndThePathOfPages()
    {
        Refuses(() => Site with { Database = "" });
        Refuses(() => Site with { ServerName = "" });
        Refuses(() => Site with { UserNamespace = "" });
        Refuses(() => Site with { CanonicalServer = "" });
        Refuses(() => Site with { CanonicalServer = "wiki.example.org" });
        Refuses(() => Site with { CanonicalServer = "https://wiki.example.org/" });
        Refuses(() => Site with { CanonicalServer = "https://wiki example.org" });
        Refuses(() => Site with { CanonicalServer = "https://wiki.exämple.org" });
        Refuses(() => Site with { ArticlePath = "/wíki/$1" });
        Refuses(() => Site with { ArticlePath = "/wiki/" });
        Refuses(() => Site with { ArticlePath = "wiki/$1" });
        Refuses(() => Site with { ArticlePath = "/a b/$1" });
        Refuses(() => Site with { CanonicalServer = null! });
        Refuses(() => Site with { ArticlePath = null! });
        Refuses(() => Site with { ScriptPath = null! });
        (Site with { ArticlePath = "/index.php?title=$1" }).ArticlePath.ShouldBe("/index.php?title=$1");
    }

    private static void Refuses(Func<object> give) => Should.Throw<ArgumentException>(() => give());
}

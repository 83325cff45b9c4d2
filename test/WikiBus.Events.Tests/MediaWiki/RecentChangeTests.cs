using System.Text.Json;
using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.ChangeSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class RecentChangeTests
{
    [Fact]
    public void Edit_HasTheMembersInOrder() =>
        TextOf(Builders.RecentChange(Context, Edit)).ShouldBe(Line(
            """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{
            "uri":"https://wiki.example.org/wiki/Talk:%C3%9Cn%C3%AF_code%3F",
            "request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.recentchange"},
            "id":99,"type":"edit","namespace":1,"title":"Talk:Ünï code?",
            "title_url":"https://wiki.example.org/wiki/Talk:%C3%9Cn%C3%AF_code%3F","comment":"a <b>",
            "timestamp":1767323045,"user":"Alice A","bot":false,
            "notify_url":"https://wiki.example.org/w/index.php?diff=42&oldid=41&rcid=99",
            "minor":false,"patrolled":false,"length":{"old":9,"new":15},"revision":{"old":41,"new":42},
            "server_url":"https://wiki.example.org",
            "server_name":"wiki.example.org","server_script_path":"/w","wiki":"examplewiki",
            "parsedcomment":"a &lt;b&gt;"}
            """));

    [Fact]
    public void Creation_HasNothingOld() =>
        TextOf(Builders.RecentChange(Context, Creation)).ShouldBe(Line(
            """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://wiki.example.org/wiki/A",
            "request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.recentchange"},
            "id":99,"type":"new","namespace":0,"title":"A","title_url":"https://wiki.example.org/wiki/A","comment":"",
            "timestamp":1767323045,"user":"192.0.2.7","bot":false,
            "notify_url":"https://wiki.example.org/w/index.php?oldid=41&rcid=99",
            "minor":true,"patrolled":true,"length":{"new":9},"revision":{"new":41},
            "server_url":"https://wiki.example.org",
            "server_name":"wiki.example.org","server_script_path":"/w","wiki":"examplewiki"}
            """));

    [Fact]
    public void LogEntry_HasItsParameters_AndNoLink() =>
        TextOf(Builders.RecentChange(Context, LogEntry)).ShouldBe(Line(
            """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://wiki.example.org/wiki/A",
            "request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.recentchange"},
            "type":"log","namespace":0,"title":"A","title_url":"https://wiki.example.org/wiki/A","comment":"",
            "timestamp":1767323045,"user":"Alice A","bot":true,"log_id":5,"log_type":"move",
            "log_action":"move_redir","log_params":{"target":"B","noredir":"0"},
            "log_action_comment":"moved [[A]] to [[B]]",
            "server_url":"https://wiki.example.org",
            "server_name":"wiki.example.org","server_script_path":"/w","wiki":"examplewiki"}
            """));

    [Fact]
    public void Categorization_HasALinkToTheRevision() =>
        TextOf(Builders.RecentChange(Context, Categorization)).ShouldBe(Line(
            """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://wiki.example.org/wiki/Category:C",
            "request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.recentchange"},
            "id":99,"type":"categorize","namespace":14,"title":"Category:C",
            "title_url":"https://wiki.example.org/wiki/Category:C","comment":"","timestamp":1767323045,
            "user":"Alice A","bot":false,
            "notify_url":"https://wiki.example.org/w/index.php?diff=42&oldid=41&rcid=99",
            "server_url":"https://wiki.example.org",
            "server_name":"wiki.example.org","server_script_path":"/w","wiki":"examplewiki"}
            """));

    [Fact]
    public void ExternalChange_HasALinkToTheRevision() =>
        TextOf(Builders.RecentChange(Context, ExternalChange)).ShouldBe(Line(
            """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://wiki.example.org/wiki/A",
            "request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.recentchange"},
            "id":99,"type":"external","namespace":0,"title":"A","title_url":"https://wiki.example.org/wiki/A",
            "comment":"","timestamp":1767323045,"user":"Alice A","bot":false,
            "notify_url":"https://wiki.example.org/w/index.php?diff=42&oldid=42&rcid=99",
            "server_url":"https://wiki.example.org",
            "server_name":"wiki.example.org","server_script_path":"/w","wiki":"examplewiki"}
            """));

    [Fact]
    public void Change_IsAnEventOfItsStream()
    {
        var built = Builders.RecentChange(Context, Edit);
        built.Stream.ShouldBe("mediawiki.recentchange");
        built.Kind.ShouldBe(EventKinds.Event);
        built.Id.ShouldBe(Context.Id);
    }

    [Fact]
    public void ChangeOfRel139_HasItsTime_AndNoUrls()
    {
        var built = new MediaWikiEvents(Site, EventGeneration.Rel139).RecentChange(Context, Edit);
        Member(built, "meta.dt").ShouldBe("\"2026-01-02T03:04:05Z\"");
        Member(built, "title_url").ShouldBeNull();
        Member(built, "notify_url").ShouldBeNull();
    }

    [Fact]
    public void WikiThatPatrolsNewPagesOnly_MarksThemOnly()
    {
        var events = new MediaWikiEvents(Site with { PatrolsChanges = false, ScriptPath = "" });
        var edit = events.RecentChange(Context, Edit);
        Member(edit, "patrolled").ShouldBeNull();
        Member(edit, "notify_url").ShouldBe("\"https://wiki.example.org/index.php?diff=42&oldid=41\"");
        Member(edit, "server_script_path").ShouldBe("\"/\"");
        var creation = events.RecentChange(Context, Creation);
        Member(creation, "patrolled").ShouldBe("true");
        Member(creation, "notify_url").ShouldBe("\"https://wiki.example.org/index.php?oldid=41&rcid=99\"");
    }

    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("{}", "[]")]
    [InlineData("""["a","b"]""", """["a","b"]""")]
    [InlineData("""["a",null,"b"]""", """{"0":"a","2":"b"}""")]
    [InlineData("""["a",null]""", """["a"]""")]
    [InlineData("""{"a":null,"b":{"c":null,"d::e:f":1},"4::x":10.0}""", """{"b":{"d::e:f":1},"x":10}""")]
    [InlineData("""{"5:number:a":1,"a":"/"}""", """{"a":"/"}""")]
    public void LogParameters_AreSentAsMediaWikiSendsThem(string given, string sent) =>
        Member(Builders.RecentChange(Context, LogEntry with { Parameters = JsonElement.Parse(given) }), "log_params")
            .ShouldBe(sent);

    [Fact]
    public void LogEntryWithoutParameters_HasNone() =>
        Member(Builders.RecentChange(Context, LogEntry with { Parameters = null }), "log_params").ShouldBeNull();

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":1e999}""")]
    [InlineData("""{"a:b":1}""")]
    public void LogParameters_ThatNoEventCanHave_AreRefused(string parameters) =>
        Should.Throw<ArgumentException>(() => LogEntry with { Parameters = JsonElement.Parse(parameters) })
            .ParamName.ShouldBe("parameters");

    [Theory]
    [InlineData(510, true)]
    [InlineData(511, false)]
    [InlineData(2000, false)]
    public void LogParameters_AreAsDeepAsPhpAllows(int depth, bool isAllowed)
    {
        var text = $"{new string('[', depth)}{new string(']', depth)}";
        var parameters = JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = depth });

        if (isAllowed)
        {
            TextOf(Builders.RecentChange(Context, LogEntry with { Parameters = parameters }))
                .ShouldContain($"\"log_params\":{text}");
            return;
        }

        Should.Throw<ArgumentException>(() => LogEntry with { Parameters = parameters })
            .ParamName.ShouldBe("parameters");
    }

    [Fact]
    public void Inputs_ThatNoEventCanHave_AreRefused()
    {
        Refuses(() => Edit with { Id = -1 });
        Refuses(() => Edit with { Title = "" });
        Refuses(() => Edit with { UserName = "" });
        Refuses(() => Edit with { OldLength = -1 });
        Refuses(() => Edit with { NewLength = -1 });
        Refuses(() => Edit with { OldRevisionId = -1 });
        Refuses(() => Edit with { NewRevisionId = 0 });
        Refuses(() => Creation with { Length = -1 });
        Refuses(() => Creation with { RevisionId = 0 });
        Refuses(() => LogEntry with { LogId = -1 });
        Refuses(() => LogEntry with { LogType = "" });
        Refuses(() => LogEntry with { LogAction = "" });
        Refuses(() => LogEntry with { ActionComment = "\ud800" });
        Refuses(() => Categorization with { OldRevisionId = -1 });
        Refuses(() => Categorization with { NewRevisionId = 0 });
        Refuses(() => ExternalChange with { OldRevisionId = -1 });
        Refuses(() => ExternalChange with { NewRevisionId = -1 });
        Refuses(() => Site with { ScriptPath = "w" });
        Refuses(() => Site with { ScriptPath = "/w/" });
    }

    private static void Refuses(Func<object> build) => Should.Throw<ArgumentException>(build);
}

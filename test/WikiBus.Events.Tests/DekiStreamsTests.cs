namespace WikiBus.Events.Tests;

public sealed class DekiStreamsTests
{
    [Theory]
    [InlineData("event://default/deki/pages/create", "deki.pages.create")]
    [InlineData("EVENT://W/DEKI/Pages/Tags/UPDATE/", "deki.pages.tags.update")]
    [InlineData("event://w:8/deki/users/update/password?a=b#c", "deki.users.update.password")]
    [InlineData("event:///deki/site/started", "deki.site.started")]
    [InlineData("event://w/deki/pages/message/a/b", "deki.pages.message")]
    [InlineData("event://w/deki/pages/dependentschanged/talk/dependentschanged/files/create",
        "deki.pages.dependentschanged")]
    [InlineData("event://w/deki/users/dependentschanged/properties/update", "deki.users.dependentschanged")]
    [InlineData("event://w/deki/pages/message", "deki.other")]
    [InlineData("event://w/deki/pages/create/more", "deki.other")]
    [InlineData("event://w/deki/pages//create", "deki.other")]
    [InlineData("event://w/deki/own/kind", "deki.other")]
    [InlineData("event://w/deki", "dream.other")]
    [InlineData("event://w/dekis/pages/create", "dream.other")]
    [InlineData("event://w/service/deki/pages/create", "dream.other")]
    [InlineData("event://w", "dream.other")]
    [InlineData("http://w/deki/pages/create", "dream.other")]
    [InlineData("", "dream.other")]
    public void Channel_HasItsStream(string channel, string stream) => DekiStreams.Find(channel).ShouldBe(stream);

    [Fact]
    public void AllStreams_AreKnown_AndHaveValidNames()
    {
        DekiStreams.All.Count.ShouldBe(52);
        DekiStreams.All.Distinct(StringComparer.Ordinal).Count().ShouldBe(52);
        DekiStreams.All.ShouldAllBe(static name => StreamName.IsValid(name));
        DekiStreams.All.ShouldContain(DekiStreams.OtherDeki);
        DekiStreams.All.ShouldContain(DekiStreams.Other);
    }

    [Fact]
    public void RecordedEvents_AreInStreamsOfTheirOwn()
    {
        var streams = Recordings.Read("deki-events.jsonl")
            .SelectMany(static line => line.GetProperty("events").EnumerateArray())
            .Select(static one => DekiStreams.Find(one.GetProperty("channel").GetString()!))
            .Distinct(StringComparer.Ordinal).ToList();
        streams.ShouldBeSubsetOf(DekiStreams.All);
        streams.ShouldNotContain(DekiStreams.OtherDeki);
        streams.ShouldNotContain(DekiStreams.Other);
    }
}

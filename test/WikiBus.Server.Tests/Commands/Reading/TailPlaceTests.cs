using WikiBus.Server.Commands.Reading;

namespace WikiBus.Server.Tests.Commands.Reading;

public sealed class TailPlaceTests
{
    private static readonly TailStart s_begun = new("2026-01-01");

    [Fact]
    public void StreamFoundByTheFirstSearch_IsReadFromBeforeTheStart()
    {
        var place = new TailPlace(new TailStart(), s_begun);
        place.BeginSearch().ShouldBeFalse("the place is not known before the first id");
        place.Take(Block("old", 7)).ShouldBeTrue();
        place.BeginSearch().ShouldBeTrue();

        place.GoBack(["old"]);

        place.Next.ShouldBe(s_begun);
    }

    [Fact]
    public void StreamFoundByALaterSearch_IsReadFromTheSearchBefore()
    {
        var place = new TailPlace(new TailStart(), s_begun);
        place.Take(Block("old", 7));
        place.BeginSearch();
        place.Take(Block("old", 8));
        place.EndSearch();
        place.Take(Block("old", 9));
        place.BeginSearch();

        place.GoBack(["old"]);

        place.Next.Id.ShouldBe(Id("old", 7));
    }

    [Fact]
    public void PlaceGoneBackTo_LeavesOutWhatWasWritten()
    {
        var place = new TailPlace(new TailStart(), s_begun);
        place.Take(Block("old", 7));
        place.GoBack(["old"]);

        place.BeginSearch().ShouldBeFalse("one search at a time");
        place.Take(Block("old", 5)).ShouldBeFalse();
        place.Take(Block("new", 6)).ShouldBeTrue();
        place.Take(Block("old", 7)).ShouldBeFalse();
        place.Take(Block("old", 8)).ShouldBeTrue();
        place.BeginSearch().ShouldBeTrue();
    }

    [Fact]
    public void HeartbeatBehindWhatWasWritten_EndsTheLeavingOut()
    {
        var place = new TailPlace(new TailStart(), s_begun);
        place.Take(Block("old", 7));
        place.GoBack(["old"]);

        place.Take(new SseBlock(Id("old", 9), SseBlock.DefaultEvent, null));

        place.BeginSearch().ShouldBeTrue();
    }

    [Fact]
    public void IdsOfAnotherServer_KeepThePlace()
    {
        var place = new TailPlace(new TailStart(), s_begun);
        const string id = """[{"topic":"old","partition":0,"offset":7}]""";
        place.Take(new SseBlock(id, SseBlock.DefaultEvent, [])).ShouldBeTrue();

        place.GoBack(["old"]);

        place.Next.Id.ShouldBe(id);
        place.Take(new SseBlock(id, SseBlock.DefaultEvent, [])).ShouldBeTrue();
    }

    private static SseBlock Block(string stream, long position) =>
        new(Id(stream, position), SseBlock.DefaultEvent, []);

    private static string Id(string stream, long position) =>
        $$"""[{"topic":"{{stream}}","partition":0,"offset":0,"timestamp":0,"log":"a","position":{{position}}}]""";
}

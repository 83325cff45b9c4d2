using System.Text;
using WikiBus.Server.Filters;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Requests;

namespace WikiBus.Server.Tests.Streaming.Pages;

public sealed class HeadWindowTests
{
    [Fact]
    public void APosition_IsFoundInThePageThatHoldsIt()
    {
        var window = new HeadWindow(bytesMax: 1 << 20, start: 10);
        for (var from = 10; from < 100; from += 10)
        {
            window.Add(Page(from, from + 10, 1));
        }

        window.Find(10, out _)!.From.ShouldBe(10);
        window.Find(19, out _)!.From.ShouldBe(10);
        window.Find(55, out _)!.From.ShouldBe(50);
        window.Find(99, out _)!.From.ShouldBe(90);
        window.Find(9, out var isAhead).ShouldBeNull();
        isAhead.ShouldBeFalse();
        window.Find(100, out isAhead).ShouldBeNull();
        isAhead.ShouldBeTrue();
    }

    [Fact]
    public void TheOldestPages_GoFirst()
    {
        var window = new HeadWindow(bytesMax: 10_000, start: 0);
        for (var from = 0; from < 1000; from++)
        {
            window.Add(Page(from, from + 1, 1000));
            window.Bytes.ShouldBeLessThanOrEqualTo(10_000);
            window.Find(from, out _)!.From.ShouldBe(from);
        }

        window.Find(985, out _).ShouldBeNull();
        window.Find(995, out _)!.From.ShouldBe(995);
    }

    [Fact]
    public void ARestart_ForgetsThePages()
    {
        var window = new HeadWindow(bytesMax: 10_000, start: 0);
        window.Add(Page(0, 5, 10));
        window.Restart(50);
        window.Bytes.ShouldBe(0);
        window.Find(3, out var isAhead).ShouldBeNull();
        isAhead.ShouldBeFalse();
        window.Add(Page(50, 60, 10));
        window.Find(55, out _)!.From.ShouldBe(50);
    }

    [Fact]
    public void WhatViewsShow_CountsToo()
    {
        var window = new HeadWindow(bytesMax: 1 << 20, start: 0);
        var page = PageOfOneEvent(0, textLength: 10_000);
        window.Add(page);
        var before = window.Bytes;

        page.Show(FieldsView("text"));
        var shown = window.Bytes - before;
        page.Show(FieldsView("text"));

        shown.ShouldBeGreaterThan(10_000);
        window.Bytes.ShouldBe(before + shown);
        window.Restart(2);
        window.Bytes.ShouldBe(0);
    }

    [Fact]
    public void WhatViewsShow_PushesTheOldestPagesOut()
    {
        var window = new HeadWindow(bytesMax: 50_000, start: 0);
        for (var from = 0; from < 4; from++)
        {
            window.Add(PageOfOneEvent(from, textLength: 10_000));
        }

        for (var view = 0; view < 3; view++)
        {
            window.Find(3, out _)!.Show(FieldsView("text", $"other{view}"));
            window.Bytes.ShouldBeLessThanOrEqualTo(50_000);
        }

        window.Find(1, out _).ShouldBeNull();
        window.Find(3, out _)!.From.ShouldBe(3);
    }

    [Fact]
    public void WhatDoesNotFit_IsShownAndNotKept()
    {
        var window = new HeadWindow(bytesMax: 15_000, start: 0);
        var page = PageOfOneEvent(0, textLength: 10_000);
        window.Add(page);
        var before = window.Bytes;

        page.Show(FieldsView("text")).Bytes.Length.ShouldBeGreaterThan(10_000);

        window.Bytes.ShouldBe(before);
        window.Find(0, out _).ShouldBe(page);
    }

    [Fact]
    public void PageThatHasGone_DoesNotCount()
    {
        var window = new HeadWindow(bytesMax: 15_000, start: 0);
        var gone = PageOfOneEvent(0, textLength: 10_000);
        window.Add(gone);
        window.Add(Page(1, 2, 10));
        window.Restart(2);

        gone.Show(FieldsView("text"));

        window.Bytes.ShouldBe(0);
    }

    private static StreamView FieldsView(params string[] fields)
    {
        Projection.TryParse(string.Join(',', fields), out var projection, out _).ShouldBeTrue();
        return new StreamView([], projection, channel: null, keepsCanary: false);
    }

    private static EventPage PageOfOneEvent(long position, int textLength)
    {
        var start = "event: message\ndata: ";
        var json = $$"""{"text":"{{new string('x', textLength)}}"}""";
        var entry = new PageEntry
        {
            Position = position, Offset = 0, TimeMs = 0, Stream = "s", Start = 0, DataStart = start.Length,
            End = start.Length + json.Length + 2, HeadStart = 0, ChannelLength = 0, WikiLength = 0, IsCanary = false,
            IsSigned = false,
        };
        return new EventPage(
            position, position + 1, new Rendition([entry], Encoding.UTF8.GetBytes($"{start}{json}\n\n")), []);
    }

    private static EventPage Page(long from, long next, int bytes) =>
        new(from, next, new Rendition([], new byte[bytes]), []);
}

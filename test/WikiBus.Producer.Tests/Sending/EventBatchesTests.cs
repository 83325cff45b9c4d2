using System.Text;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Tests.Sending;

public sealed class EventBatchesTests
{
    // The first three are the counts that EventBus has for the same sizes.
    [Theory]
    [InlineData(300, "160 160 160", "162 162 162")]
    [InlineData(500, "160 160 160 160 160 160 160 160 160 160", "323 323 323 323 323")]
    [InlineData(500, "70 70 70 70 70 760", "143 143 72 762")]
    [InlineData(500, "70 70", "143")]
    [InlineData(143, "70 70", "143")]
    [InlineData(142, "70 70", "72 72")]
    [InlineData(100, "70 460", "72 462")]
    [InlineData(1, "70 70 70", "72 72 72")]
    [InlineData(100, "460", "462")]
    public void Events_OfSizes_AreDividedAsEventBusDoes(int bytesMax, string events, string bodies)
    {
        var list = events.Split(' ').Select(size => Event(int.Parse(size))).ToArray();

        var batches = EventBatches.Divide(list, bytesMax).ToList();

        string.Join(' ', batches.Select(batch => Write(batch).Length)).ShouldBe(bodies);
        batches.SelectMany(batch => batch).ShouldBe(list);
    }

    [Fact]
    public void Body_IsAlwaysAList()
    {
        Encoding.UTF8.GetString(Write(new[] { Event(5) })).ShouldBe("[\"aaa\"]");
        Encoding.UTF8.GetString(Write(new[] { Event(5), Event(3) })).ShouldBe("[\"aaa\",\"a\"]");
    }

    private static byte[] Write(IEnumerable<MediaWikiEvent> events) =>
        EventBatches.Write([.. events.Select(item => item.Json)]);

    private static MediaWikiEvent Event(int size) => TestProducer.Event(text: $"\"{new string('a', size - 2)}\"");
}

using System.Text;

namespace WikiBus.Events.Tests;

public sealed class StreamNameTests
{
    [Theory]
    [InlineData("mediawiki.page_change.v1", true)]
    [InlineData("a", true)]
    [InlineData("...", true)]
    [InlineData("-_.9Z", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void Name_IsValid_ByItsCharacters(string name, bool isValid)
    {
        StreamName.IsValid(name).ShouldBe(isValid);
        StreamName.IsValid(Encoding.UTF8.GetBytes(name)).ShouldBe(isValid);
    }

    [Fact]
    public void Name_IsValid_UpToItsLongest()
    {
        StreamName.IsValid(new string('a', StreamName.LengthMax)).ShouldBeTrue();
        StreamName.IsValid(new string('a', StreamName.LengthMax + 1)).ShouldBeFalse();
        StreamName.IsValid((string?)null).ShouldBeFalse();
    }

    [Fact]
    public void RecordedStreams_AreAllBuiltIn()
    {
        var streams = Recordings.Events()
            .Select(posted => (
                Name: posted.Event.GetProperty("meta").GetProperty("stream").GetString()!,
                Schema: posted.Event.GetProperty("$schema").GetString()!))
            .Distinct()
            .ToList();

        streams.Count.ShouldBeGreaterThanOrEqualTo(28);
        foreach (var (name, schema) in streams)
        {
            var title = BuiltInStreams.Find(name).ShouldNotBeNull(name).SchemaTitle;
            schema.ShouldStartWith($"/{title}/");
        }
    }

    [Fact]
    public void BuiltInStreams_HaveValidNamesAndAliases()
    {
        BuiltInStreams.Find("mediawiki.page-create")!.Alias.ShouldBe("page-create");
        BuiltInStreams.All.ShouldAllBe(stream => StreamName.IsValid(stream.Name));
    }

    [Fact]
    public void JobStream_IsFound_ByItsPrefix()
    {
        BuiltInStreams.Find("mediawiki.job.refreshLinks")!.SchemaTitle.ShouldBe("mediawiki/job");
        BuiltInStreams.Find("mediawiki.job.").ShouldBeNull();
        BuiltInStreams.Find("mediawiki.jobs").ShouldBeNull();
    }
}

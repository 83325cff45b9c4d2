using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using WikiBus.Server.Dream.Publishing;

namespace WikiBus.Server.Tests.Dream.Publishing;

public sealed class EventHeadersTests
{
    private const string Id = "X-Dream-Event-Id";
    private const string Channel = "X-Dream-Event-Channel";
    private const string Resource = "X-Dream-Event-Resource-Uri";
    private const string Origin = "X-Dream-Event-Origin-Uri";
    private const string Recipient = "X-Dream-Event-Recipient-Uri";
    private const string Via = "X-Dream-Event-Via-Uri";

    [Theory]
    [InlineData("http://a/1,http://b/2", "http://a/1 http://b/2")]
    [InlineData("http://a/1 , http://b/2|http://c/3", "http://a/1 http://b/2 http://c/3")]
    [InlineData("http://a/x,y,http://b/2", "http://a/x,y http://b/2")]
    [InlineData("http://a/1|http://a/1", "http://a/1 http://a/1")]
    [InlineData(",http://a/1", "http://a/1")]
    [InlineData("http://a/1| ", "http://a/1")]
    public void Values_MayBeOnSeveralLines_OrSeparatedByCommas(string lines, string expected)
    {
        var read = Read((Channel, "event://w/a"), (Origin, lines), (Recipient, lines), (Via, lines));
        read.Origins.ShouldBe(expected.Split(' '));
        read.Recipients.ShouldBe(expected.Split(' '));
        read.Vias.Select(static via => via.ToString()).ShouldBe(expected.Split(' '));
    }

    [Fact]
    public void SingleValues_AreTheFirstOnesThatAreNotEmpty()
    {
        var read = Read(
            (Id, "|a, b|c"), (Channel, "|event://w/a,b|event://w/c"), (Resource, "http://r/1|http://r/2"),
            (Origin, "http://o/1"));
        read.Id.ShouldBe("a, b");
        read.Channel.ToString().ShouldBe("event://w/a,b");
        read.Resource.ShouldBe("http://r/1");
    }

    [Fact]
    public void OptionalHeaders_AreMissing()
    {
        var read = Read((Channel, "event://w/a"), (Origin, "http://o/1"), (Id, ""), (Resource, ""));
        read.Id.ShouldBeNull();
        read.Resource.ShouldBeNull();
        read.Recipients.ShouldBeEmpty();
        read.Vias.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "", "", "message must specify at least one DreamEventOrigin header")]
    [InlineData("no uri", ",", "", "message must specify at least one DreamEventOrigin header")]
    [InlineData("", "no uri", "", "message must have exactly one DreamEventChannel header")]
    [InlineData("no uri", "no origin", "no resource", "invalid uri syntax: no uri")]
    [InlineData("event://w/a", "no origin", "no resource", "invalid uri syntax: no resource")]
    [InlineData("event://w/a", "no origin", "http://r/1", "invalid uri syntax: no origin")]
    [InlineData("/a", "http://o/1", "", "invalid uri syntax: /a")]
    public void Faults_AreFoundInTheOrderOfDream(string channel, string origin, string resource, string expected)
    {
        EventHeaders.TryRead(
            Headers((Channel, channel), (Origin, origin), (Resource, resource)), out var read, out var fault)
            .ShouldBeFalse();
        read.ShouldBeNull();
        fault.ShouldBe(expected);
    }

    private static EventHeaders Read(params (string Name, string Lines)[] headers)
    {
        EventHeaders.TryRead(Headers(headers), out var read, out var fault).ShouldBeTrue(fault);
        return read!;
    }

    private static HeaderDictionary Headers(params (string Name, string Lines)[] headers) => new(
        headers.ToDictionary(
            static header => header.Name, static header => new StringValues(header.Lines.Split('|')),
            StringComparer.OrdinalIgnoreCase));
}

using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Tests.Streams;

public sealed class StreamSourceTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void File_IsReadAgain_OnlyWhenItChanged()
    {
        var path = _directory.Combine("streams.json");
        File.WriteAllText(path, """{"a":{}}""");
        using var source = Source(path);
        source.ReadFirst(out var warning).Names.ShouldBe(["a"]);
        warning.ShouldBeNull();
        source.Read().ShouldBeNull();

        File.WriteAllText(path, """{"ab":{}}""");
        source.Read()!.Names.ShouldBe(["ab"]);
    }

    [Fact]
    public void File_ThatIsGoneOrBroken_IsAFault()
    {
        var path = _directory.Combine("streams.json");
        using var source = Source(path);
        Should.Throw<InvalidDataException>(() => source.ReadFirst(out _));
        File.WriteAllText(path, "{");
        Should.Throw<InvalidDataException>(() => source.ReadFirst(out _));
        File.WriteAllText(path, """{"a":{}}""");
        source.Read()!.Names.ShouldBe(["a"]);
    }

    [Fact]
    public void File_ThatIsTooLarge_IsAFault()
    {
        var path = _directory.Combine("streams.json");
        File.WriteAllText(path, "{}".PadRight(2_000));
        var options = new StreamsOptions { Source = path, ConfigBytesMax = 1_024 };
        using var source = new StreamSource(options, _directory.FullPath);
        Should.Throw<InvalidDataException>(() => source.ReadFirst(out _)).Message.ShouldContain("larger");
    }

    [Fact]
    public async Task Url_ThatFails_LeavesTheLastGoodReading()
    {
        var answer = (Status: HttpStatusCode.OK, Body: """{"streams":{"a":{}}}""");
        await using var wiki = await StartWikiAsync(() => answer);
        using (var source = Source(wiki.Urls.First()))
        {
            source.ReadFirst(out _).Names.ShouldBe(["a"]);
            answer = (HttpStatusCode.OK, """{"streams":{"b":{}}}""");
            source.Read()!.Names.ShouldBe(["b"]);
            answer = (HttpStatusCode.OK, """{"error":{"code":"down"}}""");
            Should.Throw<InvalidDataException>(source.Read);
        }

        answer = (HttpStatusCode.ServiceUnavailable, "");
        using var afterRestart = Source(wiki.Urls.First());
        afterRestart.ReadFirst(out var warning).Names.ShouldBe(["b"]);
        warning.ShouldNotBeNull().ShouldContain("503");
    }

    [Fact]
    public void Url_ThatNeverAnswered_IsAFault()
    {
        using var source = Source("http://127.0.0.1:9/");
        Should.Throw<InvalidDataException>(() => source.ReadFirst(out _));
    }

    [Theory]
    [InlineData("ftp://w.example/streams")]
    [InlineData("/no/such/file.json")]
    public void Source_ThatCannotBe_IsAFaultOfTheOption(string source) =>
        new StreamsOptions { Source = source }.Validate().ShouldHaveSingleItem().Key.ShouldBe("Streams:Source");

    private StreamSource Source(string source) => new(new StreamsOptions { Source = source }, _directory.FullPath);

    private static async Task<WebApplication> StartWikiAsync(Func<(HttpStatusCode Status, string Body)> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var wiki = builder.Build();
        wiki.Run(context =>
        {
            var (status, body) = answer();
            context.Response.StatusCode = (int)status;
            return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
        });
        await wiki.StartAsync().WaitAsync(s_limit);
        return wiki;
    }
}

using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Foreign sets, wrong keys, hostile headers and documents: nothing is shown, changed or logged.</summary>
public sealed class SetSecurityTests
{
    private const string A = "http://127.0.0.1:9/a";

    [Theory]
    [InlineData("GET", "/loc1", "", 403)]
    [InlineData("GET", "/loc1?access-key=", "", 403)]
    [InlineData("GET", "/loc1?access-key=K", "", 403)]
    [InlineData("GET", "/loc1?access-key=kk", "", 403)]
    [InlineData("GET", "/loc1?access-key=wrong&access-key=k", "", 403)]
    [InlineData("GET", "/loc1?access-key=wrong", "access-key=k", 403)]
    [InlineData("GET", "/loc1", "ACCESS-KEY=k", 403)]
    [InlineData("GET", "/LOC1?access-key=k", "", 403)]
    [InlineData("GET", "/loc1%20?access-key=k", "", 403)]
    [InlineData("GET", "/nowhere?access-key=k", "", 403)]
    [InlineData("GET", "/nowhere?access-key=", "", 403)]
    [InlineData("GET", "/..%2floc1?access-key=k", "", 403)]
    [InlineData("GET", "/loc1?apikey=OTHER", "", 403)]
    [InlineData("GET", "/loc1?apikey=OWNER", "", 403)]
    [InlineData("PUT", "/loc1?access-key=wrong", "", 403)]
    [InlineData("PUT", "/loc1?apikey=OTHER", "", 403)]
    [InlineData("POST", "/loc1?apikey=OTHER", "", 403)]
    [InlineData("DELETE", "/loc1?access-key=wrong", "", 403)]
    [InlineData("DELETE", "/loc1?apikey=OTHER", "", 403)]
    [InlineData("DELETE", "/nowhere?access-key=k", "", 403)]
    [InlineData("GET", "?apikey=wrong", "service-key=OWNER", 403)]
    [InlineData("GET", "/../diagnostics/subscriptions?apikey=OWNER", "", 403)]
    [InlineData("GET", "/loc1", "access-key=k", 200)]
    [InlineData("GET", "/loc1", "$Version=\"1\"; access-key=\"k\"; $Path=\"/pubsub\"", 200)]
    [InlineData("GET", "/loc1?access-key=k&access-key=wrong", "", 200)]
    [InlineData("GET", "/loc1?access-key=", "access-key=k", 200)]
    public async Task Set_IsOpenOnlyToItsAccessKeyAndToManagers(string method, string target, string cookie, int status)
    {
        await using var server = await RunningServer.StartAsync();
        var owner = await DreamApi.MakeKeyAsync(server);
        var other = await DreamApi.MakeKeyAsync(server, "\"publish\", \"subscribe\", \"read\"");
        await DreamApi.CreateAsync(server, owner, "loc1", DreamApi.Set("1", "", A));
        string Fill(string text) => text.Replace("OWNER", owner, StringComparison.Ordinal)
            .Replace("OTHER", other, StringComparison.Ordinal);
        (string, string)[] headers = cookie.Length > 0 ? [("Cookie", Fill(cookie))] : [];

        var answer = await DreamApi.SendAsync(
            server, method, Fill(target), method == "PUT" ? DreamApi.Set("1", "", A + "2") : null, headers);
        answer.Status.ShouldBe(status, answer.Text);
        if (status == 403)
        {
            answer.Text.ShouldBe(
                "<error><status>403</status><title>Forbidden</title>"
                + "<message>insufficient access privileges</message></error>");
        }

        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:1 {A}"]);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task CookieThatAForeignPageSends_DoesNotCount(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A));
        var answer = await DreamApi.SendAsync(
            server, "DELETE", "/loc1", null, ("Cookie", "access-key=k"), (header, value));
        answer.Status.ShouldBe(403);
        DreamApi.Destinations(server).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("X-Set-Location-Key", "")]
    [InlineData("X-Set-Location-Key", "a b")]
    [InlineData("X-Set-Location-Key", "a/b")]
    [InlineData("X-Set-Location-Key", "../evil")]
    [InlineData("X-Set-Location-Key", "..")]
    [InlineData("X-Set-Location-Key", "a%2f..")]
    [InlineData("X-Set-Location-Key", "dream:x:1")]
    [InlineData("X-Set-Access-Key", "")]
    [InlineData("X-Set-Access-Key", "s3cret&x=1")]
    [InlineData("X-Set-Access-Key", "s3cret\u00fc")]
    public async Task WrongKeyHeader_IsRefusedAndNotRepeated(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        var answer = await DreamApi.SendAsync(
            server, "POST", $"?apikey={key}", DreamApi.Set("1", "", A), (header, value));
        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain($"<message>{header}: 1 to 64 letters, digits, ");
        answer.Text.ShouldNotContain("s3cret");
        DreamApi.Destinations(server).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"y\">]><a><uri.owner>http://o/&x;</uri.owner></a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a><uri.owner>http://o/</uri.owner></a>")]
    [InlineData("<a><uri.owner>http://o/&x;</uri.owner></a>")]
    [InlineData("<a><uri.owner>http://o/\r\nSet-Cookie: a=b</uri.owner></a>")]
    [InlineData("<a><uri.owner>javascript:alert(1)</uri.owner></a>")]
    [InlineData("<a max-failures=\"99999999999999999999999999999999999999999999\"><uri.owner>http://o</uri.owner></a>")]
    [InlineData("<a max-failure-duration=\"Infinity\"><uri.owner>http://o</uri.owner></a>")]
    [InlineData("<a><uri.owner>http://o</uri.owner><subscription><channel>event://a/LONG</channel><recipient>"
        + "<uri>http://a/</uri></recipient></subscription></a>")]
    [InlineData("<a><uri.owner>http://o</uri.owner><subscription><channel>event://a/b</channel>"
        + "<uri.resource>http://a/LONG</uri.resource><recipient><uri>http://a/</uri></recipient></subscription></a>")]
    public async Task HostileDocument_IsRefused(string document)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        var answer = await DreamApi.SendAsync(
            server, "POST", $"?apikey={key}",
            document.Replace("LONG", new string('b', 1_024), StringComparison.Ordinal));
        answer.Status.ShouldBe(400, answer.Text);
        (await DreamApi.SendAsync(server, "GET", $"?apikey={key}")).Text.ShouldNotContain("<subscription ");
        answer.Headers.Keys.ShouldNotContain("Set-Cookie");
        answer.Text.ShouldNotContain(key);
    }

    /// <summary>Each set is small enough, but all of them would make the combined set very large.</summary>
    [Fact]
    public async Task PairsOfAllSetsOfAKey_AreLimited()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        static string Set(string owner, int channels) =>
            $"<a><uri.owner>http://owner/{owner}</uri.owner><subscription id='1'>"
            + string.Concat(Enumerable.Range(0, channels).Select(static one => $"<channel>event://a/{one}</channel>"))
            + $"<recipient><uri>{A}</uri></recipient></subscription></a>";
        await DreamApi.CreateAsync(server, key, "loc1", Set("1", 6_000));
        var answer = await DreamApi.SendAsync(server, "POST", $"?apikey={key}", Set("2", 4_001));
        answer.Status.ShouldBe(403, answer.Text);
        answer.Text.ShouldContain("more than 10000 pairs of channel and resource");
        await DreamApi.CreateAsync(server, key, "loc2", Set("2", 4_000));
        await DreamApi.ReplaceAsync(server, "loc2", Set("2", 4_001), status: 403);
        await DreamApi.ReplaceAsync(server, "loc1", Set("1", 5_999));
        await DreamApi.ReplaceAsync(server, "loc2", Set("2", 4_001));
        await DreamApi.CreateAsync(server, await DreamApi.MakeKeyAsync(server), "loc3", Set("3", 10_000));

        // Another service may have as much as its own keys.
        var chain = await DreamApi.MakeKeyAsync(server, "\"subscribe\", \"chain\"");
        await DreamApi.CreateAsync(server, chain, "loc4", Set("4", 30_000));
        await server.RestartAsync();
        DreamApi.Destinations(server).Count.ShouldBe(4);
    }

    [Fact]
    public async Task CookiesOfASet_AreStoredWithTheirOwnDestinationsOnly()
    {
        await using var server = await RunningServer.StartAsync();
        static string Subscription(string uri) =>
            "<subscription id='1'><channel>event://a/*</channel>"
            + $"<set-cookie><name>{uri[^1]}</name><uri>{uri}</uri><value>v</value></set-cookie>"
            + $"<recipient><uri>{uri}</uri></recipient></subscription>";
        await DreamApi.CreateAsync(
            server, await DreamApi.MakeKeyAsync(server), "loc1",
            $"<a><uri.owner>http://owner/1</uri.owner>{Subscription(A)}{Subscription("http://127.0.0.1:9/b")}</a>");
        DreamApi.Destinations(server).Select(static one => Server.Dream.Sending.DestinationDefinition
            .Parse(one.Definition).Cookies.Select(static cookie => cookie.Name))
            .ShouldBe([["a"], ["b"]]);
    }

    [Fact]
    public async Task ControlCharactersInAQuery_AreRepeatedAsXmlCanHoldThem()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await DreamApi.SendAsync(server, "PATCH", "/loc1?a=\u0001&b=%01");
        answer.Status.ShouldBe(405, answer.Text);
        System.Xml.Linq.XElement.Parse(answer.Text).Element("uri")!.Value.ShouldEndWith("?a=\ufffd&b=%01");
    }

    [Fact]
    public async Task AnswersAndLog_HaveNoSecrets()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        (string, string)[] accessKey = [("X-Set-Location-Key", "loc1"), ("X-Set-Access-Key", "s3cret-access")];
        var set = DreamApi.Set("1", "", A + "?password=s3cret-url");
        await DreamApi.SendAsync(server, "POST", $"?apikey={key}", set, accessKey);
        RawResponse[] answers =
        [
            await DreamApi.SendAsync(server, "POST", $"?%61pikey={key}&apiKEY={key}&a=b", set),
            await DreamApi.SendAsync(server, "PUT", "/loc1?access-key=s3cret-access&A=b", "<a/>"),
            await DreamApi.SendAsync(server, "PUT", "/loc1?access%2dkey=s3cret-access", "<a"),
            await DreamApi.SendAsync(server, "PATCH", $"/loc1?access-key=s3cret-access&apikey={key}"),
        ];
        await DreamApi.SendAsync(server, "DELETE", "/loc1?access-key=s3cret-access");
        answers.Select(static answer => answer.Status).ShouldBe([409, 403, 400, 405]);
        answers[0].Text.ShouldContain("/subscribers?a=b</uri>");
        string[] texts = [.. answers.Select(static answer => answer.Text), .. server.Errors.Lines];
        texts.ShouldAllBe(text => !text.Contains("s3cret", StringComparison.Ordinal)
            && !text.Contains(key, StringComparison.Ordinal));
        server.Errors.Lines.ShouldContain(line => line.Contains("loc1", StringComparison.Ordinal));
    }
}

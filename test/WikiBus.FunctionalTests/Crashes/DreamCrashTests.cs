using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// Kills the real server (SIGKILL) while events are published, and while sets are created, replaced and deleted and
/// their watchers are told. What was acknowledged holds after each start: documents, versions, deletions, events.
/// <c>WIKIBUS_DREAM_ROUNDS</c> and <c>WIKIBUS_CRASH_SEED</c> set rounds and seed.
/// </summary>
public sealed class DreamCrashTests
{
    private const int SetCount = 4;

    // Which version of each set there is, and with which change it was created; null: there is none.
    private readonly long?[] _versions = new long?[SetCount];
    private readonly long?[] _births = new long?[SetCount];
    private readonly List<(string Body, long?[] Births)> _events = [];
    private int? _uncertain;
    private long _number;
    private long _combined;

    [Fact]
    public async Task KilledWhileSetsChange_KeepsWhatWasAcknowledged()
    {
        var rounds = FromEnvironment("WIKIBUS_DREAM_ROUNDS", 3);
        var seed = FromEnvironment("WIKIBUS_CRASH_SEED", 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, seed {seed}");
        using var data = new TestDirectory();
        var random = new Random(seed);
        await using var recipient = await ScriptedServer.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 200;
            return Task.CompletedTask;
        });
        for (var round = 0; round < rounds; round++)
        {
            await using var server = await StartAsync(data);
            using var client = ClientOf(server, data);
            await CheckAsync(client);
            await server.KillDuringAsync(
                random.Next(50, 200), acknowledge => ChangeAsync(client, recipient, random, acknowledge));
        }

        await using (var server = await StartAsync(data))
        {
            using var client = ClientOf(server, data);
            await CheckAsync(client);
            await ArriveAsync(recipient);
        }
    }

    private static Task<ServerProcess> StartAsync(TestDirectory data) => ServerProcess.StartAsync(
        ["--data", data.FullPath, "--listen", "http://127.0.0.1:0"],
        new Dictionary<string, string> { ["WIKIBUS_Deliveries__AllowedNetworks__0"] = "127.0.0.0/8" });

    private static HttpClient ClientOf(ServerProcess server, TestDirectory data)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TestTime.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", File.ReadAllText(data.Combine("admin.key")).Trim());
        return client;
    }

    /// <summary>Publishes and changes sets, one request after the other, until the server is gone.</summary>
    private async Task ChangeAsync(HttpClient client, ScriptedServer recipient, Random random, Action acknowledge)
    {
        try
        {
            while (true)
            {
                await ChangeOnceAsync(client, recipient, random);
                acknowledge();
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone. The last request may have been done.
        }
    }

    private async Task ChangeOnceAsync(HttpClient client, ScriptedServer recipient, Random random)
    {
        var set = random.Next(SetCount);
        _number++;
        if (random.Next(3) > 0)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"e{_number}");
            var (body, births) = ($"<e id='{id}'/>", _births.ToArray());
            (await SendAsync(
                client, HttpMethod.Post, "/pubsub/publish", body, ("X-Dream-Event-Id", id),
                ("X-Dream-Event-Channel", $"event://w/{id}"), ("X-Dream-Event-Origin-Uri", "http://o/1")))
                .ShouldBe(200);
            _events.Add((body, births));
            return;
        }

        _uncertain = set;
        if (_versions[set] is null)
        {
            (await SendAsync(
                client, HttpMethod.Post, "/pubsub/subscribers", Document(set, recipient),
                ("X-Set-Location-Key", $"s{set}"), ("X-Set-Access-Key", "k"))).ShouldBeOneOf(201, 409);
            _births[set] = _versions[set] = _number;
        }
        else if (random.Next(4) == 0)
        {
            (await SendAsync(client, HttpMethod.Delete, $"/pubsub/subscribers/s{set}?access-key=k", "")).ShouldBe(200);
            _births[set] = _versions[set] = null;
        }
        else
        {
            (await SendAsync(
                client, HttpMethod.Put, $"/pubsub/subscribers/s{set}?access-key=k", Document(set, recipient)))
                .ShouldBe(200);
            _versions[set] = _number;
        }

        _uncertain = null;
    }

    // Its destination differs from version to version.
    private string Document(int set, ScriptedServer recipient) =>
        $"<a version='{_number}'><uri.owner>http://owner/{set}</uri.owner>"
        + "<subscription id='1'><channel>event://*/*</channel><recipient>"
        + $"<uri>{recipient.Address}s{set}/{_number % 2}</uri></recipient></subscription>"
        + "<subscription id='2'><channel>pubsub://*/*</channel><recipient>"
        + $"<uri>{recipient.Address}notice</uri></recipient></subscription></a>";

    /// <summary>Compares the sets with what was acknowledged. Of the last change both outcomes are right.</summary>
    private async Task CheckAsync(HttpClient client)
    {
        for (var set = 0; set < SetCount; set++)
        {
            using var answer = await client.GetAsync($"/pubsub/subscribers/s{set}", TestTime.Token());
            var text = await answer.Content.ReadAsStringAsync(TestTime.Token());
            long? version = answer.IsSuccessStatusCode
                ? long.Parse(XElement.Parse(text).Attribute("version")!.Value, CultureInfo.InvariantCulture) : null;
            if (set != _uncertain)
            {
                version.ShouldBe(_versions[set], $"set {set}: {text}");
            }

            _births[set] = version is null ? null : _births[set] ?? _number;
            _versions[set] = version;
        }

        _uncertain = null;
        var combined = XElement.Parse(await client.GetStringAsync("/pubsub/subscribers", TestTime.Token()));
        var count = long.Parse(combined.Attribute("version")!.Value, CultureInfo.InvariantCulture);
        count.ShouldBeGreaterThanOrEqualTo(_combined);
        _combined = count;
    }

    /// <summary>Each event reaches each set that there was when it was published, and that is still there.</summary>
    private async Task ArriveAsync(ScriptedServer recipient)
    {
        var owed = _events.SelectMany(static one => Enumerable.Range(0, SetCount), static (one, set) => (one, set))
            .Where(pair => pair.one.Births[pair.set] is { } birth && _births[pair.set] == birth)
            .Select(static pair => $"/s{pair.set} {pair.one.Body}").ToHashSet(StringComparer.Ordinal);
        owed.ShouldNotBeEmpty();
        var limit = TestTime.Token();
        while (true)
        {
            owed.ExceptWith(recipient.Requests.Select(static one =>
                $"{one.Path.Split('/')[1].Insert(0, "/")} {Encoding.UTF8.GetString(one.Body)}"));
            if (owed.Count == 0)
            {
                return;
            }

            limit.IsCancellationRequested.ShouldBeFalse($"not arrived: {string.Join(", ", owed.Take(10))}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<int> SendAsync(
        HttpClient client, HttpMethod method, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/xml"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request, TestTime.Token());
        return (int)answer.StatusCode;
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value : otherwise;
}

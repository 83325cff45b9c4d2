using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>
/// Requests that no client would send, over raw connections to the real host. Each gets a documented answer or none.
/// The connection is closed or usable, as HTTP says. The log holds the events that were answered as stored.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class HostileHttpTests(ITestOutputHelper output)
{
    private const int HeaderMaxDefault = 16_384;

    /// <summary>Half of the cases over HTTP; the other half are bodies over a client's connection.</summary>
    private const int Share = 20;

    private static readonly int[] s_intakeStatuses = [201, 207, 400, 401, 411, 413, 414, 417, 431, 500, 501];
    private static readonly int[] s_otherStatuses =
        [200, 204, 301, 400, 401, 403, 404, 405, 408, 411, 413, 414, 431, 501, 505];

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    [Fact]
    public async Task AnyBytes_AreAnsweredAsDocumented_AndStoreOnlyWhatWasAccepted()
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:BodyBytesMax", "65536"), ("Intake:EventCountMax", "1000"), ("Intake:Deadline", "30 s"));
        var events = new HostileEvents(Fuzzer.SeedFromEnvironment());
        var ledger = new HostileLedger();
        await Fuzzer.FromEnvironment(Share).RunAsync(async random =>
        {
            var (name, request) = Next(random, events);
            try
            {
                await TryAsync(server, request, name, ledger);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{exception.Message}\n{name}, {request}", exception);
            }
        });
        output.WriteLine(string.Join(", ", _counts.Select(static count => $"{count.Key}: {count.Value}")));
        (await server.Client.GetAsync("/readyz", TestTime.Token())).EnsureSuccessStatusCode();
        ledger.Check(server);
        output.WriteLine($"{ledger.StoredCount} events stored");
        ledger.StoredCount.ShouldBePositive();
    }

    private static (string Name, HostileCase Request) Next(Random random, HostileEvents events) =>
        random.Next(6) switch
        {
            0 => ("lines", HostileLines.Next(random)),
            1 => ("headers", HostileHeaders.Next(random, events)),
            2 => ("chunks", HostileChunks.Next(random, events)),
            3 => ("encodings", HostileEncodings.Next(random, events)),
            4 => ("bodies", HostileBodies.Next(random, events)),
            _ => ("streams", HostileStreams.Next(random)),
        };

    private async Task TryAsync(RunningServer server, HostileCase request, string name, HostileLedger ledger)
    {
        using var http = await RawHttp.ConnectAsync(server.Address);
        await SendAsync(http, request);
        var answer = await ReadAsync(http, request);
        ledger.Enter(request, answer?.Status);
        Count($"{name} {answer?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "closed"}");
        if (answer is null)
        {
            request.KeepsConnection.ShouldBeFalse("a whole request is answered");
            return;
        }

        CheckAnswer(request, answer);
        if (answer.IsStream)
        {
            return;
        }

        if (request.KeepsConnection && !answer.EndsConnection)
        {
            await http.WriteAsync(HostileText.Request("GET /healthz HTTP/1.1", "Host: localhost\r\n"));
            (await http.ReadResponseAsync()).Status.ShouldBe(200, "the connection goes on behind a whole request");
            return;
        }

        // The bytes after a request that was cut short may be read as another one.
        while (!answer.EndsConnection && await http.TryReadResponseAsync() is { } further)
        {
            further.Status.ShouldBeOneOf(s_otherStatuses);
            answer = further;
        }

        (await http.IsClosedAsync()).ShouldBeTrue("nothing follows an answer that ends the connection");
    }

    /// <summary>
    /// A client that has ended its side may lose the answer, or its end. One that begins HTTP/2 gets a frame of HTTP/2.
    /// </summary>
    private static async Task<RawResponse?> ReadAsync(RawHttp http, HostileCase request)
    {
        try
        {
            return await http.TryReadResponseAsync(request.IsHead);
        }
        catch (EndOfStreamException) when (request.IsCut || request.BeginsHttp2)
        {
            return null;
        }
    }

    private static async Task SendAsync(RawHttp http, HostileCase request)
    {
        try
        {
            await http.WriteAsync(request.Bytes);
        }
        catch (IOException) when (request.Bytes.Length > HeaderMaxDefault || request.IsCut)
        {
            // The server refused it before all of it was sent.
        }

        if (request.IsCut)
        {
            http.EndSending();
        }
    }

    private static void CheckAnswer(HostileCase request, RawResponse answer)
    {
        answer.Status.ShouldBeOneOf(request.IsIntake ? s_intakeStatuses : s_otherStatuses);
        answer.Reason.ShouldAllBe(static unit => unit >= ' ' && unit <= '~');
        answer.Reason.Length.ShouldBeLessThanOrEqualTo(200);
        if (!request.IsIntake)
        {
            return;
        }

        SafeBody.Fault(answer.Body).ShouldBeNull();
        if (answer.Status == 500)
        {
            answer.Text.ShouldContain("\"error\":[{");
            answer.Text.ShouldNotContain("unexpectedly");
        }
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}

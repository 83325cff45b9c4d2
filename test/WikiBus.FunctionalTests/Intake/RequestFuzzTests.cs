using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Schemas;
using WikiBus.Server.Intake;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Bodies that are nearly right, or not at all. The seed is in the message of every failure.</summary>
public sealed class RequestFuzzTests(ITestOutputHelper output)
{
    private const int CaseCount = 100_000;
    private const int HttpCaseCount = 10_000;

    private static int Seed => int.TryParse(
        Environment.GetEnvironmentVariable("WIKIBUS_FUZZ_SEED"), System.Globalization.CultureInfo.InvariantCulture,
        out var seed)
        ? seed
        : 20261123;

    [Fact]
    public async Task AnyBody_IsJudged_AndTheAnswerIsSafe()
    {
        output.WriteLine($"WIKIBUS_FUZZ_SEED={Seed}");
        await using var server = await RunningServer.StartAsync();
        var pipeline = server.Services.GetRequiredService<EventPipeline>();
        var mutator = new EventMutator(Seed);
        using var batch = new IntakeBatch();
        var origin = EventOrigin.Own(DateTimeOffset.UnixEpoch, headerFieldCount: 2);
        var answer = new ArrayBufferWriter<byte>();
        for (var round = 0; round < CaseCount; round++)
        {
            batch.Clear();
            batch.Body.Append(mutator.Next());
            BodyText.MakeUtf8(batch.Body, BodyCharset.Utf8);
            if (batch.Body.Length == 0 || !batch.Tape.TryParse(batch.Body.Memory, out _))
            {
                continue;
            }

            BodyText.RemoveLineBreaks(batch.Body);
            RequestForm.List(batch.Tape.Root, batch.Events);
            await pipeline.PrepareAsync(batch, origin, TestTime.Token());
            answer.ResetWrittenCount();
            AnswerWriter.WriteVerdicts(batch, answer);
            SafeBody.Fault(answer.WrittenMemory).ShouldBeNull($"seed {Seed}, case {round}");
            foreach (var draft in batch.Drafts)
            {
                ShouldBeOneEvent(draft.Payload, draft.MetaEnd, round);
            }
        }
    }

    [Fact]
    public async Task AnyRequest_IsAnsweredSafely_AndStoresWhatItAccepted()
    {
        output.WriteLine($"WIKIBUS_FUZZ_SEED={Seed}");
        await using var server = await RunningServer.StartAsync(("Intake:BodyBytesMax", "65536"));
        var mutator = new EventMutator(Seed + 1);
        for (var round = 0; round < HttpCaseCount; round++)
        {
            using var request = Request(mutator);
            var before = StoredRecords.End(server);
            using var response = await server.Client.SendAsync(request, TestTime.Token());
            var body = await response.Content.ReadAsByteArrayAsync(TestTime.Token());
            var what = $"seed {Seed}, case {round}: {(int)response.StatusCode} {response.ReasonPhrase}";
            SafeBody.Fault(body).ShouldBeNull(what);
            ((int)response.StatusCode).ShouldBeOneOf([201, 207, 400, 413, 500], what);
            var stored = StoredRecords.End(server) - before;
            stored.ShouldBeLessThanOrEqualTo(Accepted(response), what);
        }
    }

    private static void ShouldBeOneEvent(ReadOnlyMemory<byte> payload, int metaEnd, int round)
    {
        payload.Span.IndexOfAny((byte)'\n', (byte)'\r').ShouldBe(-1, $"seed {Seed}, case {round}");
        var tape = new JsonTape();
        tape.TryParse(payload, out _).ShouldBeTrue($"seed {Seed}, case {round}");
        (tape.Root["meta"u8].End - 1).ShouldBe(metaEnd, $"seed {Seed}, case {round}");
    }

    private static HttpRequestMessage Request(EventMutator mutator)
    {
        var body = mutator.Next();
        var request = new HttpRequestMessage(
            HttpMethod.Post, mutator.Pick("/v1/events", "/v1/events/", "/V1/events?x=%00"))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(
            mutator.Pick(
                "application/json", "application/json", "text/plain", "application/json; charset=utf-16", "text/html"));
        if (mutator.Chance(0.05))
        {
            request.Content.Headers.ContentEncoding.Add(mutator.Pick("gzip", "br", "deflate", "identity", "zstd"));
        }

        request.Headers.TransferEncodingChunked = mutator.Chance(0.2) ? true : null;
        return request;
    }

    private static int Accepted(HttpResponseMessage response)
    {
        var words = response.ReasonPhrase!.Split(' ');
        return (int)response.StatusCode switch
        {
            201 => int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
            207 => int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture),
            _ => 0,
        };
    }
}

using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Hostile;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Json;
using WikiBus.Server.Intake.Answers;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Entry;
using WikiBus.Server.Intake.Filling;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Bodies that are nearly right, or quite wrong.</summary>
[Collection(AloneCollection.Name)]
public sealed class RequestFuzzTests
{
    /// <summary>Half of the cases over HTTP; the other half are hostile requests over raw connections.</summary>
    private const int HttpShare = 20;

    [Fact]
    public async Task AnyBody_IsJudged_AndTheAnswerIsSafe()
    {
        await using var server = await RunningServer.StartAsync();
        var intake = server.Services.GetRequiredService<EventIntake>();
        var batches = server.Services.GetRequiredService<IntakeBatchPool>();
        var origin = EventOrigin.Own(DateTimeOffset.UnixEpoch, headerFieldCount: 2);
        var answer = new ArrayBufferWriter<byte>();
        await Fuzzer.FromEnvironment().RunAsync(async random =>
        {
            var batch = batches.Take();
            batch.Body.Text.Append(new EventMutator(random).Next());
            BodyText.MakeUtf8(batch.Body.Text, BodyCharset.Utf8);
            answer.ResetWrittenCount();
            if (batch.Body.ReadEvents() is { } fault)
            {
                AnswerWriter.WriteFault(fault.Message, answer);
            }
            else
            {
                await intake.JudgeAllAsync(batch.Body, batch.Judge, origin, TestTime.Token());
                AnswerWriter.WriteVerdicts(batch.Judge.Verdicts, answer);
            }

            SafeBody.Fault(answer.WrittenMemory).ShouldBeNull();
            foreach (var draft in batch.Judge.Drafts)
            {
                ShouldBeOneEvent(draft.Payload, draft.MetaEnd);
            }

            batches.Return(batch);
        });
    }

    [Fact]
    public async Task AnyRequest_IsAnsweredSafely_AndStoresWhatItAccepted()
    {
        await using var server = await RunningServer.StartAsync(("Intake:BodyBytesMax", "65536"));
        await Fuzzer.FromEnvironment(HttpShare).RunAsync(async random =>
        {
            using var request = Request(random);
            var before = StoredRecords.End(server);
            using var response = await server.Client.SendAsync(request, TestTime.Token());
            var body = await response.Content.ReadAsByteArrayAsync(TestTime.Token());
            var what = $"{(int)response.StatusCode} {response.ReasonPhrase}";
            SafeBody.Fault(body).ShouldBeNull(what);
            ((int)response.StatusCode).ShouldBeOneOf([201, 207, 400, 413, 500], what);
            var stored = StoredRecords.End(server) - before;
            stored.ShouldBeLessThanOrEqualTo(Accepted(response), what);
        });
    }

    private static void ShouldBeOneEvent(ReadOnlyMemory<byte> payload, int metaEnd)
    {
        payload.Span.IndexOfAny((byte)'\n', (byte)'\r').ShouldBe(-1);
        var tape = new JsonTape();
        tape.TryParse(payload, out _).ShouldBeTrue();
        (tape.Root["meta"u8].End - 1).ShouldBe(metaEnd);
    }

    private static HttpRequestMessage Request(Random random)
    {
        var body = new EventMutator(random).Next();
        var request = new HttpRequestMessage(
            HttpMethod.Post, random.Pick("/v1/events", "/v1/events/", "/V1/events?x=%00"))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(
            random.Pick(
                "application/json", "application/json", "text/plain", "application/json; charset=utf-16", "text/html"));
        if (random.OneIn(20))
        {
            request.Content.Headers.ContentEncoding.Add(random.Pick("gzip", "br", "deflate", "identity", "zstd"));
        }

        request.Headers.TransferEncodingChunked = random.OneIn(5) ? true : null;
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

using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Hostile;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Json;
using WikiBus.Server.Intake;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Bodies that are nearly right, or not at all.</summary>
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
        using var batch = new IntakeBatch();
        var origin = EventOrigin.Own(DateTimeOffset.UnixEpoch, headerFieldCount: 2);
        var answer = new ArrayBufferWriter<byte>();
        await Fuzzer.FromEnvironment().RunAsync(async random =>
        {
            batch.Clear();
            batch.Body.Append(new EventMutator(random).Next());
            BodyText.MakeUtf8(batch.Body, BodyCharset.Utf8);
            if (batch.Body.Length == 0 || !batch.Tape.TryParse(batch.Body.Memory, out _))
            {
                return;
            }

            BodyText.RemoveLineBreaks(batch.Body);
            EventsHandler.ListEvents(batch.Tape.Root, batch.Events);
            await intake.JudgeAllAsync(batch, origin, TestTime.Token());
            answer.ResetWrittenCount();
            AnswerWriter.WriteVerdicts(batch, answer);
            SafeBody.Fault(answer.WrittenMemory).ShouldBeNull();
            foreach (var draft in batch.Drafts)
            {
                ShouldBeOneEvent(draft.Payload, draft.MetaEnd);
            }
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

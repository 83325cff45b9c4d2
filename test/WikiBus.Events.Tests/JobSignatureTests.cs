using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Events.Php;

namespace WikiBus.Events.Tests;

public sealed class JobSignatureTests
{
    private static readonly byte[] s_testKey = "test-secret-key"u8.ToArray();

    [Fact]
    public void RecordedJobs_AllVerify()
    {
        var jobs = Recordings.Events()
            .Where(posted => BuiltInStreams.IsJob(posted.Event.GetProperty("meta").GetProperty("stream").GetString()!))
            .ToList();

        jobs.Count.ShouldBeGreaterThan(700);
        jobs.Where(job => !JobSignature.Verify(job.Bytes, Recordings.SecretKey)).ShouldBeEmpty();
        jobs.Where(job => JobSignature.Verify(job.Bytes, s_testKey)).ShouldBeEmpty();
    }

    [Fact]
    public void RecordedJobs_SignedAnew_GetTheSignatureThatTheyCarry()
    {
        foreach (var (job, bytes) in Recordings.Events())
        {
            if (job.TryGetProperty("mediawiki_signature", out var signature))
            {
                JobSignature.Sign(bytes, Recordings.SecretKey).ShouldBe(signature.GetString());
            }
        }
    }

    [Fact]
    public void RecordedExecutions_OfMediaWiki_AgreeAboutTheSignature()
    {
        var compared = 0;
        foreach (var probe in Recordings.Read("runjob-probes.jsonl"))
        {
            if (SignatureIsValidIn(probe) is not { } expected)
            {
                continue;
            }

            var body = Encoding.UTF8.GetBytes(probe.GetProperty("request_body").GetString()!);
            JobSignature.Verify(body, Recordings.SecretKey)
                .ShouldBe(expected, probe.GetProperty("name").GetString());
            compared++;
        }

        compared.ShouldBeGreaterThan(70);
    }

    [Theory]
    [InlineData("""{"m\ud800 and more characters than the member has":1,"mediawiki_signature":"a"}""")]
    [InlineData("""{"mediawiki_signature":"a","m\ud800 and more characters than the member has":1}""")]
    [InlineData("""{"mediawiki_signature":"\ud800"}""")]
    [InlineData("""{"mediawiki_signature":"a","b":1e400}""")]
    public void TextThatPhpCannotSign_HasNoValidSignature(string text) =>
        JobSignature.Verify(Encoding.UTF8.GetBytes(text), s_testKey).ShouldBeFalse();

    // Null: the wiki answered before or without looking at the signature.
    private static bool? SignatureIsValidIn(System.Text.Json.JsonElement probe)
    {
        const string BodyThatTheRecordingCut = "body of 9 MB";
        if (probe.GetProperty("name").GetString() == BodyThatTheRecordingCut)
        {
            return null;
        }

        var answer = probe.GetProperty("response_body").GetString() ?? "";
        return probe.GetProperty("status").GetInt32() switch
        {
            200 => true,
            400 when answer.Contains("Failed creating job", StringComparison.Ordinal) => true,
            403 when answer.Contains("mediawiki signature", StringComparison.Ordinal) => false,
            500 when answer.Contains("base64_decode", StringComparison.Ordinal) => true,
            500 when answer.Contains("Internal Server Error\",\"error", StringComparison.Ordinal) => true,
            _ => null,
        };
    }

    [Fact]
    public void Vector_OfAWholeJob_HasItsKnownSignature()
    {
        var job = """
            {"$schema":"/mediawiki/job/1.0.0","meta":{"uri":"https://placeholder.invalid/wiki/Special:Badtitle",
            "request_id":"req-1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"example.org",
            "stream":"mediawiki.job.null"},"database":"examplewiki","type":"null",
            "params":{"namespace":0,"title":"Foo","requestId":"req-1"}}
            """;
        JobSignature.Sign(Encoding.UTF8.GetBytes(job), s_testKey).ShouldBe("dbe6299bddfa8d1a7adc1076e9bf93016ebe0ab9");
    }

    [Fact]
    public void Vector_OfUnusualValues_HasItsKnownSignature()
    {
        var json = Convert.FromHexString(
            "7b2261223a22c3a9f09f98802f3c3e26275c225c5c5c75323032387f5c75303031665c6e222c2266223a312e352c2267223a31302c"
            + "2268223a312e30652b32352c2265223a5b5d2c2274223a747275652c226e223a6e756c6c7d");
        JobSignature.Sign(json, s_testKey).ShouldBe("7ca3f27c77c4b5ac4d662f0d5c889fedbc603a75");
    }

    [Theory]
    [InlineData("""{"a":{"x":{},"y":[]},"mediawiki_signature":"s"}""", """{"a":{"x":[],"y":[]}}""")]
    [InlineData("""{"mediawiki_signature":null,"0":"a","1":"b"}""", """["a","b"]""")]
    [InlineData("""{"a":{"1":"x","0":"y"}}""", """{"a":{"1":"x","0":"y"}}""")]
    [InlineData("""{"a":{"0":1,"01":2}}""", """{"a":{"0":1,"01":2}}""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [InlineData("""{"a":{"1":1,"0":2,"1":3}}""", """{"a":{"1":3,"0":2}}""")]
    [InlineData("""{"":"\u00fc\/\ud83d\ude00\u2029\u007f\u001f"}""", "{\"\":\"ü/😀\\u2029\u007f\\u001f\"}")]
    public void Event_IsSigned_AsPhpWouldEncodeIt(string json, string encoded)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using var document = System.Text.Json.JsonDocument.Parse(json);
        PhpJsonWriter.TryWriteObject(document.RootElement, "mediawiki_signature", output).ShouldBeTrue();
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(encoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1e400}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    public void Text_ThatPhpCannotDecodeAndEncode_HasNoSignature(string json)
    {
        JobSignature.Sign(Encoding.UTF8.GetBytes(json), s_testKey).ShouldBeNull();
        JobSignature.Verify(Encoding.UTF8.GetBytes(json), s_testKey).ShouldBeFalse();
    }

    [Fact]
    public void Text_WithInvalidUtf8_HasNoSignature() =>
        JobSignature.Sign("{\"a\":\""u8.ToArray().Append((byte)0xFF).Concat("\"}"u8.ToArray()).ToArray(), s_testKey)
            .ShouldBeNull();

    [Theory]
    [InlineData(510, true)]
    [InlineData(511, false)]
    public void Nesting_IsBounded_AsPhpBoundsIt(int arrays, bool isSigned)
    {
        var json = "{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}";
        (JobSignature.Sign(Encoding.UTF8.GetBytes(json), s_testKey) is not null).ShouldBe(isSigned);
    }

    [Fact]
    public void SignedJob_ThatIsChanged_DoesNotVerify()
    {
        var job = new JsonObject { ["type"] = "null", ["params"] = new JsonObject { ["n"] = 1 } };
        job["mediawiki_signature"] = JobSignature.Sign(Bytes(job), s_testKey);
        JobSignature.Verify(Bytes(job), s_testKey).ShouldBeTrue();

        job["params"]!["n"] = 2;
        JobSignature.Verify(Bytes(job), s_testKey).ShouldBeFalse();
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}

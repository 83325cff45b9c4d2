using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Jobs;

/// <summary>Writes the event of a job (EventBus: <c>createJobEvent</c>).</summary>
internal static class JobWriter
{
    // All jobs have it; EventBus sends it since its schema requires a URI.
    private const string Uri = "https://placeholder.invalid/wiki/Special:Badtitle";

    private const string ReleaseTime = "jobReleaseTimestamp";
    private const string RootSignature = "rootJobSignature";
    private const string RootTime = "rootJobTimestamp";
    private const string RequestId = "requestId";

    private static readonly string[] s_neverCounted = [ReleaseTime, RootSignature, RootTime, RequestId];

    public static ReadOnlyMemory<byte> Write(
        WikiSite site, EventGeneration generation, EventContext context, WikiJob job, byte[]? secretKey)
    {
        var parameters = ParametersOf(job);
        var json = new PhpJsonBuilder();
        new EventHead("/mediawiki/job/1.0.0", job.Stream, Uri)
            .Begin(json, site, generation, WithRequestId(context, parameters));
        json.Write("database", site.Database);
        json.Write("type", job.Type);
        WriteSpecification(json, job, parameters);
        json.BeginObject("params");
        foreach (var (name, value) in parameters)
        {
            json.Write(name, value);
        }

        json.EndObject();
        if (secretKey is not null)
        {
            Sign(json, job, secretKey);
        }

        json.EndObject();
        return json.Written;
    }

    private static void WriteSpecification(
        PhpJsonBuilder json, WikiJob job, OrderedDictionary<string, JsonElement> parameters)
    {
        if (job.ReleaseTime is { } release)
        {
            json.Write("delay_until", release);
        }

        if (job.Deduplication is { } deduplication)
        {
            json.Write("sha1", Hash(job.Type, parameters, deduplication));
        }

        if (job.Root is { } root)
        {
            json.BeginObject("root_event");
            json.Write("signature", root.Signature);
            json.Write("dt", root.Time);
            json.EndObject();
        }
    }

    // The parameters that are members of the job, too, keep their places among the given ones.
    private static OrderedDictionary<string, JsonElement> ParametersOf(WikiJob job)
    {
        var parameters = PhpJsonWriter.ReadMembers(job.Parameters);
        Set(ReleaseTime, job.ReleaseTime?.ToUnixTimeSeconds());
        Set(RootSignature, job.Root?.Signature);
        Set(RootTime, job.Root?.Time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        return PhpJsonWriter.IsList(parameters.Keys)
            ? throw new ArgumentException(
                "PHP sends the parameters as a list, which the schema refuses: there are none, or they are 0, 1, ….",
                nameof(job))
            : parameters;

        void Set(string name, object? value)
        {
            if (value is not null)
            {
                parameters[name] = JsonSerializer.SerializeToElement(value);
            }
            else if (parameters.ContainsKey(name))
            {
                throw new ArgumentException($"The parameter {name} needs the job's own member for it.", nameof(job));
            }
        }
    }

    private static EventContext WithRequestId(
        EventContext context, OrderedDictionary<string, JsonElement> parameters) =>
        parameters.TryGetValue(RequestId, out var id) && id.ValueKind == JsonValueKind.String
            ? context with { RequestId = id.GetString()! }
            : context;

    // What EventBus hashes is PHP's serialize of ['type' => …, 'params' => …].
    private static string Hash(
        string type, OrderedDictionary<string, JsonElement> parameters, JobDeduplication deduplication)
    {
        var counted = parameters.Where(parameter =>
            !s_neverCounted.Contains(parameter.Key, StringComparer.Ordinal)
            && !deduplication.IgnoredParameters.Contains(parameter.Key, StringComparer.Ordinal));
        if (deduplication.SortsParameters)
        {
            counted = counted.OrderBy(static parameter => parameter.Key, StringComparer.Ordinal);
        }

        var output = new ArrayBufferWriter<byte>();
        PhpSerializer.BeginArray(2, output);
        PhpSerializer.Write("type", output);
        PhpSerializer.Write(type, output);
        PhpSerializer.Write("params", output);
        PhpSerializer.Write([.. counted], output);
        PhpSerializer.EndArray(output);
        return Convert.ToHexStringLower(SHA1.HashData(output.WrittenSpan));
    }

    private static void Sign(PhpJsonBuilder json, WikiJob job, byte[] secretKey)
    {
        byte[] unsigned = [.. json.Written.Span, (byte)'}'];
        var signature = JobSignature.Sign(unsigned, secretKey)
            ?? throw new ArgumentException("The parameters are nested too deeply for PHP.", nameof(job));
        json.Write("mediawiki_signature", signature);
    }
}

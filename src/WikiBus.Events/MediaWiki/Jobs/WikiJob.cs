using System.Buffers;
using System.Text.Json;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki;

/// <summary>Work that a wiki puts off.</summary>
public sealed record WikiJob
{
    private const string StreamPrefix = "mediawiki.job.";

    /// <summary>Its type, as <c>refreshLinks</c>; its stream is <c>mediawiki.job.refreshLinks</c> then.</summary>
    /// <exception cref="ArgumentException">This would not be the name of a stream.</exception>
    public required string Type { get; init => field = WithStream(value); }

    /// <summary>
    /// Its parameters: a JSON object. <c>requestId</c> is sent as <c>meta.request_id</c>, in place of the context's.
    /// A job for a page has <c>namespace</c> and <c>title</c>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The value is no object, or PHP cannot encode it: a string has a lone surrogate, or a number is no finite float.
    /// </exception>
    public required JsonElement Parameters { get; init => field = Encodable(value); }

    /// <summary>
    /// When it may be done at the earliest (<c>delay_until</c>); null for at once. The event has it in the parameter
    /// <c>jobReleaseTimestamp</c>, too.
    /// </summary>
    public DateTimeOffset? ReleaseTime { get; init; }

    /// <summary>
    /// The first job of the chain that led to this one; null if there is none. The event has it in the parameters
    /// <c>rootJobSignature</c> and <c>rootJobTimestamp</c>, too.
    /// </summary>
    public RootJob? Root { get; init; }

    /// <summary>How equal jobs are recognised (<c>sha1</c>); null if each of them is done.</summary>
    public JobDeduplication? Deduplication { get; init; }

    internal string Stream => StreamPrefix + Type;

    private static string WithStream(string type) =>
        !string.IsNullOrEmpty(type) && StreamName.IsValid(StreamPrefix + type)
            ? type
            : throw new ArgumentException($"{StreamPrefix}{type} is no valid name of a stream.", nameof(type));

    private static JsonElement Encodable(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("The parameters must be a JSON object.", nameof(parameters));
        }

        return PhpJsonWriter.TryWriteValue(parameters, new ArrayBufferWriter<byte>())
            ? parameters.Clone()
            : throw new ArgumentException(
                "The parameters have a lone surrogate or a number beyond the range of floats.", nameof(parameters));
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WikiBus.Events;

namespace WikiBus.Producer.Jobs;

/// <summary>Reads a job from the event that was posted (EventBus: <c>EventBodyValidator</c>).</summary>
internal static class JobReader
{
    private const string DataUriPrefix = "data:application/octet-stream;base64,";

    /// <summary>The text that MediaWiki sends if there is no such job.</summary>
    public const string NoSuchJob = "Failed creating job from description";

    private static readonly JsonSerializerOptions s_asDeepAsPhp = new() { MaxDepth = 512 };

    private static readonly string[] s_requiredMembers = ["database", "type", "params"];

    /// <summary>Checks the event, and reads its job.</summary>
    /// <param name="body">The text of the event.</param>
    /// <param name="jobEvent">The same as JSON; undefined if the text is no JSON.</param>
    /// <param name="secretKeys">The keys of which one must have signed it.</param>
    /// <param name="job">The job; null if there is an answer.</param>
    /// <returns>What to answer; null if the job may be run.</returns>
    public static RunJobAnswer? Read(
        byte[] body, JsonElement jobEvent, IEnumerable<string> secretKeys, out ReceivedJob? job)
    {
        job = null;
        return CheckUnsigned(body, jobEvent, secretKeys) ?? ReadSigned(jobEvent, out job);
    }

    private static RunJobAnswer? CheckUnsigned(byte[] body, JsonElement jobEvent, IEnumerable<string> secretKeys)
    {
        try
        {
            return CheckMembers(jobEvent) ?? CheckSignature(body, jobEvent, secretKeys);
        }
        catch (InvalidOperationException)
        {
            // A member's name has a lone surrogate, so PHP could not sign it.
            return InvalidSignature();
        }
    }

    private static RunJobAnswer? CheckMembers(JsonElement jobEvent)
    {
        var missing = s_requiredMembers.Where(name => !TryGet(jobEvent, name, out _)).ToList();
        return missing.Count == 0
            ? null
            : RunJobAnswer.Error(
                StatusCodes.Status400BadRequest,
                "Invalid event received",
                ("missing_params", new JsonArray([.. missing.Select(name => JsonValue.Create(name))])));
    }

    private static RunJobAnswer? CheckSignature(byte[] body, JsonElement jobEvent, IEnumerable<string> secretKeys)
    {
        if (!TryGet(jobEvent, "mediawiki_signature", out _))
        {
            return RunJobAnswer.Error(StatusCodes.Status403Forbidden, "Missing mediawiki signature");
        }

        return secretKeys.Any(key => JobSignature.Verify(body, Encoding.UTF8.GetBytes(key)))
            ? null
            : InvalidSignature();
    }

    private static RunJobAnswer InvalidSignature() =>
        RunJobAnswer.Error(StatusCodes.Status403Forbidden, "Invalid mediawiki signature");

    private static RunJobAnswer? ReadSigned(JsonElement jobEvent, out ReceivedJob? job)
    {
        job = null;
        var parameters = ObjectOf(jobEvent.GetProperty("params"));
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            return Invalid("The parameters of a job are an object");
        }

        var answer = Decode(parameters, out var binaryParameters);
        if (answer is not null)
        {
            return answer;
        }

        var type = jobEvent.GetProperty("type");
        if (type.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return Invalid("The type of a job is a text");
        }

        job = new ReceivedJob(type.ToString(), parameters, binaryParameters, jobEvent);
        return null;
    }

    private static RunJobAnswer? Decode(JsonElement parameters, out Dictionary<string, byte[]> binaryParameters)
    {
        binaryParameters = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var parameter in parameters.EnumerateObject())
        {
            if (!TryGetBase64(parameter.Value, out var base64))
            {
                continue;
            }

            try
            {
                binaryParameters[parameter.Name] = Convert.FromBase64String(base64);
            }
            catch (FormatException)
            {
                return RunJobAnswer.Error(
                    StatusCodes.Status500InternalServerError,
                    "Parameter base64_decode() failed",
                    ("param_name", parameter.Name),
                    ("param_value", base64));
            }
        }

        return null;
    }

    private static bool TryGetBase64(JsonElement value, [NotNullWhen(true)] out string? base64)
    {
        base64 = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (base64 is null || !base64.StartsWith(DataUriPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        base64 = base64[DataUriPrefix.Length..];
        return base64.Length > 0;
    }

    // PHP has one kind of array for both; an object without members arrives as an empty list.
    private static JsonElement ObjectOf(JsonElement parameters) =>
        parameters.ValueKind == JsonValueKind.Array
            ? JsonSerializer.SerializeToElement(parameters.EnumerateArray()
                .Select(static (value, index) => (value, index))
                .ToDictionary(
                    static item => item.index.ToString(CultureInfo.InvariantCulture), static item => item.value),
                s_asDeepAsPhp)
            : parameters;

    private static RunJobAnswer Invalid(string error) =>
        RunJobAnswer.Error(StatusCodes.Status400BadRequest, NoSuchJob, ("error", error));

    private static bool TryGet(JsonElement jobEvent, string name, out JsonElement value)
    {
        value = default;
        return jobEvent.ValueKind == JsonValueKind.Object
            && jobEvent.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }
}

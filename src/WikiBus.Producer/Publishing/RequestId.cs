using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Publishing;

/// <summary>The id that all events of one scope have in common.</summary>
internal sealed class RequestId(IOptions<ProducerOptions> options, IHttpContextAccessor requests)
{
    private const int LengthMax = 256;
    private const int RandomLength = 24;

    /// <summary>The id of the caller, if callers may give one; otherwise a random one.</summary>
    public string Value
    {
        get => field ??= OfCaller() ?? RandomNumberGenerator.GetHexString(RandomLength, lowercase: true);
        set;
    }

    private string? OfCaller()
    {
        var value = options.Value.AllowExternalRequestId
            ? requests.HttpContext?.Request.Headers["X-Request-Id"].ToString()
            : null;
        return value is { Length: > 0 and <= LengthMax } ? value : null;
    }
}

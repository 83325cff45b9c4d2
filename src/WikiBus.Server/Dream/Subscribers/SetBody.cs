using System.Xml.Linq;
using WikiBus.Server.Dream.Answers;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Http;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>Reads the document and the two headers of a request about sets.</summary>
/// <param name="options">The options.</param>
internal sealed class SetBody(DreamOptions options)
{
    /// <summary>Most bytes of a combined set of another service, as when it is read from there.</summary>
    public const int CombinedBytesMax = 16 << 20;

    public const string LocationHeader = "X-Set-Location-Key";
    public const string AccessKeyHeader = "X-Set-Access-Key";

    /// <summary>The root element; null: the body could not be read, and the request was answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="otherType">The status if the media type is not XML.</param>
    /// <param name="isOfService">Is it the combined set of another service? It may be larger.</param>
    public async Task<XElement?> ReadAsync(HttpContext context, int otherType, bool isOfService)
    {
        var bytesMax = isOfService ? Math.Max(CombinedBytesMax, options.SetBytesMax) : options.SetBytesMax;
        var request = context.Request;
        BoundedBody.Lift(request);
        if (await BoundedBody.ReadAsync(request, bytesMax) is not { } body)
        {
            await DreamAnswers.ErrorAsync(
                context, 413, $"the document is larger than {bytesMax} bytes (Dream:SetBytesMax)");
            return null;
        }

        if (!SetXml.IsXml(request.ContentType, out var fault))
        {
            await DreamAnswers.ErrorAsync(context, otherType, fault);
            return null;
        }

        if (!SetXml.TryRead(body, request.ContentType!, out var root, out fault))
        {
            await DreamAnswers.ErrorAsync(context, 400, fault);
            return null;
        }

        return root;
    }

    /// <summary>A location or access key that the client chose.</summary>
    /// <param name="request">The request.</param>
    /// <param name="header">The name of the header.</param>
    /// <param name="key">The key; null: the client did not choose.</param>
    /// <param name="fault">What is wrong with it; null: nothing.</param>
    public static bool TryReadKey(HttpRequest request, string header, out string? key, out string? fault)
    {
        var values = request.Headers[header];
        key = values.Count == 0 ? null : values.ToString();
        fault = key is null || SetKeys.IsValid(key) ? null : $"{header}: {SetKeys.Allowed} are allowed";
        return fault is null;
    }
}

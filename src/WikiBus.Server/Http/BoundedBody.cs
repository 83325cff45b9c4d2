using Microsoft.AspNetCore.Http.Features;

namespace WikiBus.Server.Http;

/// <summary>Reads small bodies whole.</summary>
internal static class BoundedBody
{
    /// <summary>Lifts the web server's own limit, for a route with another one.</summary>
    public static void Lift(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    /// <summary>The request's body; null when it is longer than allowed.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[Math.Min(bytesMax, 16 << 10)];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (body.Length + count > bytesMax)
            {
                return null;
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }
}

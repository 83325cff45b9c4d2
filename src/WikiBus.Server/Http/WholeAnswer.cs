using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace WikiBus.Server.Http;

/// <summary>Answers whose whole body is known before its first byte is sent.</summary>
internal static class WholeAnswer
{
    private const int TagBytes = 16;

    /// <summary>Sends type, length and body; a <c>HEAD</c> request gets the same without the body.</summary>
    public static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The same, or <c>304</c> to a client that has the body already.</summary>
    public static Task WriteAsync(
        HttpContext context, string contentType, ReadOnlyMemory<byte> body, EntityTagHeaderValue tag)
    {
        context.Response.Headers.ETag = tag.ToString();
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return WriteAsync(context, contentType, body);
    }

    /// <summary>The tag of a body: equal bytes have equal tags, after a restart too.</summary>
    public static EntityTagHeaderValue TagOf(ReadOnlySpan<byte> body) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"");
}

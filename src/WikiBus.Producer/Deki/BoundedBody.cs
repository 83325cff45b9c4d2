using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace WikiBus.Producer.Deki;

/// <summary>Reads the body of a request into memory, within a limit.</summary>
internal static class BoundedBody
{
    /// <summary>Returns the body, or null if it is longer than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            if (read.IsCompleted || read.Buffer.Length > bytesMax)
            {
                var body = read.Buffer.Length > bytesMax ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

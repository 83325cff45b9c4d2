namespace WikiBus.Server.Http;

/// <summary>Reads small bodies whole.</summary>
internal static class BoundedBody
{
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

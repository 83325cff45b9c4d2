using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>A small HTTP server. It answers each request of a connection with the same bytes.</summary>
internal sealed class Recipient(string answer = Recipient.Ok)
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>The heads and bodies of the requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public async Task ServeAsync(Stream stream)
    {
        while (await ReadRequestAsync(stream) is { } request)
        {
            Requests.Enqueue(request);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        }
    }

    /// <summary>Answers one request, and hangs up.</summary>
    public async Task ServeOnceAsync(Stream stream)
    {
        await ReadRequestAsync(stream);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
    }

    /// <summary>The next request; null if the sender hung up.</summary>
    public static async Task<string?> ReadRequestAsync(Stream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            text.Append((char)one[0]);
        }

        var length = text.ToString().Split("\r\n")
            .Where(static line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
            .Select(static line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).FirstOrDefault();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return text + Encoding.UTF8.GetString(body);
    }
}

using System.Globalization;
using System.Net;
using System.Text;

namespace WikiBus.Benchmarks;

/// <summary>Publishes one event a request, each 500 bytes long.</summary>
internal sealed class StreamPublisher(Uri address, HttpStatusCode expected, Func<string, string> wrap) : IDisposable
{
    private const int EventBytes = 500;

    private readonly HttpClient _client = new();

    public async Task PublishAsync(long number)
    {
        var id = number.ToString(CultureInfo.InvariantCulture) + SwarmMember.Stamp();
        var text = wrap(id);
        text = text.Replace("PAD", new string('x', EventBytes - text.Length + 3), StringComparison.Ordinal);
        using var content = new StringContent(text, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(address, content);
        if (response.StatusCode != expected && response.StatusCode != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"{address} answered {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => _client.Dispose();
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WikiBus.FunctionalTests.State;

/// <summary>
/// Creates, replaces and revokes keys of its own, one request after the other, until the server is gone. It knows the
/// outcome of every request but the last.
/// </summary>
internal sealed class KeyChanger(int number, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, string> _expected = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);

    /// <summary>The key of a request without an answer, and the stream that it has if the request was done.</summary>
    private (string Id, string? Stream)? _unknown;

    private int _changes;

    private string Prefix => $"changer{number}-";

    /// <summary>Changes keys until the connection breaks; each answer calls <paramref name="acknowledged"/>.</summary>
    public async Task ChangeUntilCrashAsync(HttpClient client, Action acknowledged)
    {
        while (true)
        {
            var change = _expected.Count > 0 ? _random.Next(4) : 0;
            var stream = $"s{_changes++}";
            var id = change < 2 ? Prefix + stream : _expected.Keys.ElementAt(_random.Next(_expected.Count));
            _unknown = (id, change == 3 ? null : stream);
            try
            {
                await (change switch
                {
                    2 => ReplaceAsync(client, id, stream),
                    3 => RevokeAsync(client, id),
                    _ => CreateAsync(client, id, stream),
                });
            }
            catch (Exception exception) when (exception is HttpRequestException or System.Net.Sockets.SocketException)
            {
                // A connection that breaks while it is made is not always wrapped.
                return;
            }

            _unknown = null;
            acknowledged();
        }
    }

    /// <summary>
    /// Compares the server's keys, each with its stream, to this changer's. A request without an answer may have been
    /// done or not.
    /// </summary>
    public async Task CheckAsync(HttpClient client, IReadOnlyDictionary<string, string> keys)
    {
        var found = keys.Where(key => key.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary();
        if (_unknown is { } unknown && found.GetValueOrDefault(unknown.Id) == unknown.Stream)
        {
            Expect(unknown.Id, unknown.Stream);
        }

        _unknown = null;
        found.ShouldBe(_expected, ignoreOrder: true);
        if (_revoked.Count > 0)
        {
            using var answer = await PostAsync(client, _revoked.ElementAt(_random.Next(_revoked.Count)), "s");
            answer.StatusCode.ShouldBe(HttpStatusCode.Conflict, "the id of a revoked key is not used again");
        }
    }

    private async Task CreateAsync(HttpClient client, string id, string stream)
    {
        using var answer = await PostAsync(client, id, stream);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        Expect(id, stream);
    }

    private async Task ReplaceAsync(HttpClient client, string id, string stream)
    {
        using var body = Body(id, stream);
        using var answer = await client.PutAsync(new Uri($"/v1/keys/{id}", UriKind.Relative), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Expect(id, stream);
    }

    private async Task RevokeAsync(HttpClient client, string id)
    {
        using var answer = await client.DeleteAsync(new Uri($"/v1/keys/{id}", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Expect(id, stream: null);
    }

    private void Expect(string id, string? stream)
    {
        if (stream is not null)
        {
            _expected[id] = stream;
        }
        else if (_expected.Remove(id))
        {
            _revoked.Add(id);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string id, string stream)
    {
        using var body = Body(id, stream);
        return await client.PostAsync(new Uri("/v1/keys", UriKind.Relative), body);
    }

    private static StringContent Body(string id, string stream) => new(
        $$"""{"id":"{{id}}","roles":["read"],"streams":["{{stream}}"]}""", Encoding.UTF8,
        new MediaTypeHeaderValue("application/json"));
}

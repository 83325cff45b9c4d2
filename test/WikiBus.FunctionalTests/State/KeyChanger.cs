using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WikiBus.FunctionalTests.State;

/// <summary>
/// Creates and revokes keys of its own, one request after the other, until the server is gone. It knows the outcome of
/// every request but the last.
/// </summary>
internal sealed class KeyChanger(int number, int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private string? _unknown;
    private int _created;

    private string Prefix => $"changer{number}-";

    /// <summary>Changes keys until the connection breaks; each answer calls <paramref name="acknowledged"/>.</summary>
    public async Task ChangeUntilCrashAsync(HttpClient client, Action acknowledged)
    {
        while (true)
        {
            var isRevoking = _expected.Count > 0 && _random.Next(3) == 0;
            _unknown = isRevoking ? _expected.ElementAt(_random.Next(_expected.Count)) : $"{Prefix}{_created++}";
            try
            {
                await (isRevoking ? RevokeAsync(client, _unknown) : CreateAsync(client, _unknown));
            }
            catch (HttpRequestException)
            {
                return;
            }

            _unknown = null;
            acknowledged();
        }
    }

    /// <summary>
    /// Compares the server's keys with this changer's. A request without an answer may have been done or not.
    /// </summary>
    public void Check(IEnumerable<string> ids)
    {
        var found = ids.Where(id => id.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (_unknown is not null)
        {
            _ = found.Contains(_unknown) ? _expected.Add(_unknown) : _expected.Remove(_unknown);
            _unknown = null;
        }

        found.Except(_expected).ShouldBeEmpty("revoked, but found again");
        _expected.Except(found).ShouldBeEmpty("acknowledged, but lost");
    }

    private async Task CreateAsync(HttpClient client, string id)
    {
        using var body = new StringContent($$"""{"id":"{{id}}","roles":["read"]}""", Encoding.UTF8);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(new Uri("/v1/keys", UriKind.Relative), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        _expected.Add(id);
    }

    private async Task RevokeAsync(HttpClient client, string id)
    {
        using var answer = await client.DeleteAsync(new Uri($"/v1/keys/{id}", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _expected.Remove(id);
    }
}

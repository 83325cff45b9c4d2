using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WikiBus.FunctionalTests.State;

/// <summary>
/// Creates and revokes keys of its own, one request after the other, until the server is gone. Of the last request it
/// does not know whether it was done; of all others it does.
/// </summary>
internal sealed class KeyChanger(int number, int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _there = new(StringComparer.Ordinal);
    private string? _unknown;
    private int _created;

    private string Prefix => $"changer{number}-";

    /// <summary>Changes keys until the connection breaks; each answer calls <paramref name="acknowledged"/>.</summary>
    public async Task ChangeUntilCrashAsync(HttpClient client, Action acknowledged)
    {
        while (true)
        {
            var isRevoking = _there.Count > 0 && _random.Next(3) == 0;
            _unknown = isRevoking ? _there.ElementAt(_random.Next(_there.Count)) : $"{Prefix}{_created++}";
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

    /// <summary>The server has this changer's keys, but for the one whose fate is unknown, and that is known now.
    /// </summary>
    public void Check(IEnumerable<string> ids)
    {
        var found = ids.Where(id => id.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (_unknown is not null)
        {
            _ = found.Contains(_unknown) ? _there.Add(_unknown) : _there.Remove(_unknown);
            _unknown = null;
        }

        found.Except(_there).ShouldBeEmpty("revoked and there again");
        _there.Except(found).ShouldBeEmpty("acknowledged and lost");
    }

    private async Task CreateAsync(HttpClient client, string id)
    {
        using var body = new StringContent($$"""{"id":"{{id}}","roles":["read"]}""", Encoding.UTF8);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(new Uri("/v1/keys", UriKind.Relative), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        _there.Add(id);
    }

    private async Task RevokeAsync(HttpClient client, string id)
    {
        using var answer = await client.DeleteAsync(new Uri($"/v1/keys/{id}", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _there.Remove(id);
    }
}

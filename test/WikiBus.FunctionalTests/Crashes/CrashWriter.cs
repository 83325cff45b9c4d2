using System.Net;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// A producer that posts one request after the other until the server is gone. When the server is back, it first
/// repeats the request that got no answer, with the same ids.
/// </summary>
internal sealed class CrashWriter(int number, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<PostedRequest> _requests = [];

    public int Number { get; } = number;

    public IReadOnlyList<PostedRequest> Requests => _requests;

    /// <summary>
    /// Posts until the connection breaks; each acknowledgement calls <paramref name="acknowledged"/>.
    /// </summary>
    public async Task PostUntilCrashAsync(Uri address, Action acknowledged)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = TestTime.Limit };
        while (true)
        {
            if (_requests.Count == 0 || _requests[^1].IsAcknowledged)
            {
                _requests.Add(PostedRequest.Create(_random, Number, _requests.Count));
            }

            try
            {
                await PostAsync(client, _requests[^1]);
            }
            catch (HttpRequestException)
            {
                return;
            }

            acknowledged();
        }
    }

    private static async Task PostAsync(HttpClient client, PostedRequest request)
    {
        using var answer = await client.PostAsync(new Uri("/v1/events", UriKind.Relative), request.ToContent());
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, $"{request}: {answer.ReasonPhrase}");
        request.IsAcknowledged = true;
    }
}

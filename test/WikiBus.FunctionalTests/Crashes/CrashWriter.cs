using System.Net;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// A producer that posts one request after the other until the server is gone. What was left without an answer it
/// repeats first when the server is back, with the same ids, as a careful producer does.
/// </summary>
internal sealed class CrashWriter(int number, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<PostedRequest> _requests = [];

    public int Number { get; } = number;

    public IReadOnlyList<PostedRequest> Requests => _requests;

    /// <summary>
    /// Posts until the connection breaks; tells every acknowledgement to <paramref name="acknowledged"/>.
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

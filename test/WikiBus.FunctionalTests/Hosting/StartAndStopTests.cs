using System.Net;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Hosting;

public sealed class StartAndStopTests
{
    [Fact]
    public async Task UnknownPath_AnswersThePageOfEventGate()
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Client.GetAsync("/no/such/place", TestTime.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(TestTime.Token())).ShouldContain("<pre>Cannot GET /no/such/place</pre>");
    }
}

using System.CommandLine;
using System.Net;
using System.Text.Json;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands;

/// <summary><c>wikibus why</c>: says why a record did or did not arrive.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var record = new Argument<string>("RECORD") { Description = "A position or STREAM@OFFSET" };
        var subscription = new Argument<string>("SUBSCRIPTION") { Description = "The subscription's id" };
        return ServerVerb.Create(
            "why", """
            Say why an event did or did not arrive at a subscription; JSON when the output is no terminal

            It ends with exit code 1 if there is no such event or subscription.

            Examples:
              wikibus why 4711 sub-1
              wikibus why mediawiki.page-create@17 sub-1 | jq -r .state
            """,
            [record, subscription],
            (arguments, client, token) => AskAsync(
                client,
                QueryPath.Of(
                    "v1/why",
                    ("record", arguments.GetValue(record)), ("subscription", arguments.GetValue(subscription))),
                token));
    }

    private static async Task<int> AskAsync(BusClient client, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                using var answer = await client.ReadJsonAsync(response, cancellationToken);
                Write(answer.RootElement);
                return ExitCodes.Done;
            }

            // An unknown record has an answer, too.
            if (response.StatusCode == HttpStatusCode.NotFound
                && response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                using var answer = await client.ReadJsonAsync(response, cancellationToken);
                if (answer.RootElement.TryGetProperty("state", out _))
                {
                    Write(answer.RootElement);
                    return ExitCodes.Failed;
                }
            }

            throw new CommandFault(await client.ExplainAsync(response, cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            throw client.Unreachable(exception);
        }
    }

    private static void Write(JsonElement answer)
    {
        if (Terminal.ShowsTables)
        {
            Terminal.WriteLine(Echo.Printable($"{answer.GetProperty("text")}"));
        }

        JsonDocumentOutput.Write(answer);
    }
}

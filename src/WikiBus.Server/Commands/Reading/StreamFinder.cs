using System.Net;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Reading;

/// <summary>Asks the server which streams of a choice this caller may read.</summary>
internal sealed class StreamFinder(BusClient client, StreamChoice choice)
{
    private const string ListPath = "v2/streams";

    /// <summary>The streams of the choice that can be read now, without those that are known.</summary>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    /// <exception cref="IOException">The server cannot answer now.</exception>
    /// <exception cref="CommandFault">The server refused.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(
        IReadOnlyCollection<string> known, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var name in choice.Names.Except(known))
        {
            if (await ExistsAsync(name, cancellationToken))
            {
                found.Add(name);
            }
        }

        if (choice.HasPatterns)
        {
            var listed = await ListAsync(cancellationToken);
            found.AddRange(listed.Where(choice.Matches).Except(known).Except(found));
        }

        return found;
    }

    /// <summary>Says what the choice lacks.</summary>
    /// <exception cref="CommandFault">It cannot come, since a request without a key reads nothing here.</exception>
    public async Task<string> ExplainMissingAsync(
        IReadOnlyCollection<string> streams, CancellationToken cancellationToken)
    {
        if (!client.HasKey && (await ListAsync(cancellationToken)).Count == 0)
        {
            throw client.KeyNeeded();
        }

        var reason = client.HasKey ? "this key may not read it" : "cannot be read without a key (--key, or --data)";
        return string.Join("; ", choice.Missing(streams).Select(missing => missing.Contains('*')
            ? $"no stream that matches {missing} exists yet, or {reason}"
            : $"{missing} does not exist yet, or {reason}"));
    }

    // By its own request and not by the list, since the list does not have the aliases.
    private async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"v2/stream/{name}");
        using var response = await client.SendAsync(request, cancellationToken);
        return response.StatusCode != HttpStatusCode.BadRequest
            && (response.IsSuccessStatusCode ? true : throw await client.RefusalAsync(response, cancellationToken));
    }

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ListPath);
        using var response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await client.RefusalAsync(response, cancellationToken);
        }

        using var answer = await client.ReadJsonAsync(response, cancellationToken);
        return
        [
            .. answer.RootElement.GetProperty("streams").EnumerateArray()
                .Select(static stream => stream.GetProperty("name").GetString()!),
        ];
    }
}

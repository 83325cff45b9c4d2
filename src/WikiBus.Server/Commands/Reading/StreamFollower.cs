using System.Net;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Reading;

/// <summary>
/// Reads streams and writes each event's JSON as a line. After a lost connection it resumes by the last id, so no event
/// is missed or written twice. It waits for streams that do not exist yet, and takes them in when they do.
/// </summary>
internal sealed class StreamFollower(
    BusClient client, StreamChoice choice, TailStart start, TailOutput output, TimeProvider time)
{
    private const int AttemptsMax = 30;

    /// <summary>Most characters of a request's path and query: the server limits the headers, too.</summary>
    private const int TargetLengthMax = 8_000;

    private static readonly BackOff s_backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>How often it looks for streams that it lacks.</summary>
    private static readonly TimeSpan s_searchInterval = TimeSpan.FromSeconds(3);

    private readonly StreamFinder _finder = new(client, choice);

    // Names are taken as they are, so that the usual request is the only one. Patterns need a search.
    private List<string> _streams = choice.HasPatterns ? [] : [.. choice.Names];
    private bool _isSearched;
    private bool _hasSaidMissing;
    private bool _hasWaited;
    private bool _hasBeenAnswered;
    private bool _isAway;
    private TailPlace _place = new(start, start);

    /// <summary>The query with its question mark, without the place to begin at.</summary>
    public string Query { get; init; } = "";

    /// <summary>Whether it waits for streams that do not exist yet.</summary>
    public bool CanWait { get; init; } = true;

    /// <summary>Reads until the streams end, the count is reached, or the reader of the output has gone.</summary>
    /// <exception cref="CommandFault">The server refused, or failed to answer too often.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(cancellationToken);
        }
        catch (ReaderGoneException)
        {
            // The reader of the output (head, less) has had enough. That is a success.
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; !output.IsComplete;)
        {
            try
            {
                var ending = await ReadOnceAsync(cancellationToken);
                failures = 0;
                if (ending == Ending.Over)
                {
                    return;
                }

                if (ending == Ending.OtherStreams)
                {
                    continue;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                output.Flush();
                if (!_hasBeenAnswered || ++failures > AttemptsMax)
                {
                    throw exception is HttpRequestException request
                        ? client.Unreachable(request)
                        : new CommandFault(exception.Message);
                }

                SayAway(exception);
            }

            output.Flush();
            await Task.Delay(s_backOff.Delay(failures), time, cancellationToken);
        }
    }

    /// <summary>Finds the first streams if needed, and reads one connection until it ends.</summary>
    private async Task<Ending> ReadOnceAsync(CancellationToken cancellationToken)
    {
        if (_streams.Count == 0)
        {
            await FindFirstAsync(cancellationToken);
        }

        using var request = Request();
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return Ending.Over;
        }

        if (response.StatusCode == HttpStatusCode.BadRequest && !_isSearched)
        {
            // If all streams exist, the next request is refused for the same reason, and that counts.
            _streams = [];
            return Ending.OtherStreams;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await client.RefusalAsync(response, cancellationToken);
        }

        _isSearched = true;
        TakeAnswer();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await CopyAsync(body, cancellationToken);
    }

    private void SayAway(Exception exception)
    {
        if (!_isAway)
        {
            _isAway = true;
            Terminal.Say(
                $"no events from {client.Address} now ({exception.GetBaseException().Message.TrimEnd('.')}); "
                + "waiting for the server");
        }
    }

    private void TakeAnswer()
    {
        _hasBeenAnswered = true;
        if (_isAway)
        {
            _isAway = false;
            Terminal.Say($"{client.Address} is back");
        }
    }

    private HttpRequestMessage Request()
    {
        var target = $"v2/stream/{string.Join(',', _streams)}{Query}";
        var id = _place.Next.IdFor(_streams);
        if (id is null && _place.Next.Since is { } since)
        {
            target += $"{(Query.Length > 0 ? '&' : '?')}since={Uri.EscapeDataString(since)}";
        }

        if (target.Length > TargetLengthMax)
        {
            throw new CommandFault(
                $"The names of the {Terminal.Count(_streams.Count, "stream")} and the options make a request of "
                + $"{target.Length} characters; {TargetLengthMax} are allowed. Use narrower patterns.");
        }

        var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (id is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", id);
        }

        return request;
    }

    /// <summary>Waits until at least one of the streams exists.</summary>
    private async Task FindFirstAsync(CancellationToken cancellationToken)
    {
        for (_isSearched = true; ; _hasWaited = true)
        {
            var found = await _finder.FindAsync([], cancellationToken);
            TakeAnswer();
            if (!_hasSaidMissing && choice.Missing(found).Count > 0)
            {
                var missing = await _finder.ExplainMissingAsync(found, cancellationToken);
                Terminal.Say(CanWait ? $"{missing}; waiting" : throw new CommandFault($"{missing}."));
                _hasSaidMissing = true;
            }

            if (found.Count > 0)
            {
                _streams = [.. found];
                _place = PlaceOf(found);
                return;
            }

            await Task.Delay(s_searchInterval, time, cancellationToken);
        }
    }

    private TailPlace PlaceOf(IReadOnlyList<string> streams)
    {
        // The server's clock has written the times of its events.
        var begun = TailStart.At(client.AnsweredAt ?? time.GetUtcNow());
        return start switch
        {
            { Since: not null } or { Id: not null } => new TailPlace(start, start),
            _ when _hasWaited => new TailPlace(begun, begun),
            { Last: not null } => new TailPlace(new TailStart(Id: start.IdFor(streams)), TailStart.Beginning),
            _ => new TailPlace(start, begun),
        };
    }

    private async Task<Ending> CopyAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var search = CanWait && choice.CanGrow(_streams)
            ? SearchAsync(reading)
            : Task.FromResult<IReadOnlyList<string>>([]);
        try
        {
            return await CopyBlocksAsync(body, reading.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _place.GoBack(_streams);
            _streams = [.. _streams, .. await search];
            return Ending.OtherStreams;
        }
        finally
        {
            await reading.CancelAsync();
            await search;
        }
    }

    private async Task<Ending> CopyBlocksAsync(Stream body, CancellationToken cancellationToken)
    {
        var reader = new SseReader(body);
        while (!output.IsComplete)
        {
            var next = reader.ReadAsync(cancellationToken);
            if (!next.IsCompleted)
            {
                output.Flush();
            }

            if (await next is not { } block)
            {
                return Ending.Lost;
            }

            if (_place.Take(block))
            {
                output.Write(block);
            }
        }

        output.Flush();
        return Ending.Over;
    }

    /// <summary>Looks for streams that the connection lacks. When there are some, it ends the connection.</summary>
    private async Task<IReadOnlyList<string>> SearchAsync(CancellationTokenSource reading)
    {
        while (true)
        {
            try
            {
                await Task.Delay(s_searchInterval, time, reading.Token);
                if (!_place.BeginSearch())
                {
                    continue;
                }

                var found = await _finder.FindAsync(_streams, reading.Token);
                if (found.Count > 0)
                {
                    await reading.CancelAsync();
                    return found;
                }

                _place.EndSearch();
            }
            catch (OperationCanceledException)
            {
                return [];
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or CommandFault)
            {
                // The connection has the same trouble soon, and reports it.
            }
        }
    }

    /// <summary>Why a connection is over.</summary>
    private enum Ending
    {
        /// <summary>No more events can follow.</summary>
        Over,

        /// <summary>The server ended it, or it broke.</summary>
        Lost,

        /// <summary>The next one asks for other streams.</summary>
        OtherStreams,
    }
}

using System.Xml.Linq;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Notices;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Subscribers;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Faults;
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Chains;

/// <summary>
/// Links this service with those of <see cref="ChainLinks"/>, and looks every <see cref="CheckInterval"/> whether the
/// links still hold, since another service may have lost them.
/// </summary>
/// <remarks>
/// Upstream: 1. An empty set, whose owner is our URI, is registered there. 2. A set here sends our combined set to it,
/// as a notice. Downstream: 1. The combined set of that service is registered here. 2. A set is registered there, which
/// sends its changes to the set of step 1. A crash between the steps repeats both: locations and access keys are
/// derived, so they stay the same. Source: Dream's <c>PubSubService.Start</c>.
/// </remarks>
internal sealed class ChainKeeper(
    ChainLinks links, ChainClient client, SetStore sets, CombinedSets combined, NoticeSender notices, KeyStore keys,
    OwnUris own, TimeProvider time, ILogger<ChainKeeper> logger) : BackgroundService
{
    /// <summary>How often a link that holds is checked.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_retryDelayMin = TimeSpan.FromSeconds(1);

    private readonly RecentFaults _faults = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Before that, the other service could not send anything here.
            await own.WhenListeningAsync(stoppingToken);
            await RemoveOthersAsync(stoppingToken);
            await Task.WhenAll(links.All.Select(link => WatchAsync(link, stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    /// <summary>Ends the links that the configuration does not have any more.</summary>
    private async Task RemoveOthersAsync(CancellationToken cancellationToken)
    {
        var wanted = links.All.Select(link => NamesOf(link).Location).ToHashSet(StringComparer.Ordinal);
        foreach (var set in sets.Book.All.Where(one => one.KeyId == Caller.ConfigurationId).ToList())
        {
            if (!wanted.Contains(set.Location))
            {
                try
                {
                    await RemoveAsync(set, cancellationToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    DreamDiagnostics.LinkFailed(logger, exception, set.Location);
                }
            }
        }
    }

    private async Task RemoveAsync(StoredSet set, CancellationToken cancellationToken)
    {
        // Else the other service goes on sending events or notices, and could not be linked in the other direction.
        if ((set.IsOfUpstream ? FindThere(set) : GuessThere(set)) is { } there
            && await TryDeleteThereAsync(set, there, cancellationToken) is { } fault)
        {
            DreamDiagnostics.NotUnlinkedThere(logger, there.Split(ChainClient.AccessKeyQuery)[0], fault);
        }

        try
        {
            await sets.DeleteAsync(set.Location);
            DreamDiagnostics.Unlinked(logger, set.Location);
        }
        catch (StateException exception)
        {
            DreamDiagnostics.NotUnlinked(logger, set.Location, exception.Message);
        }
    }

    // Null: it is not there any more.
    private async Task<string?> TryDeleteThereAsync(
        StoredSet set, string there, CancellationToken cancellationToken)
    {
        // What waits there for this service is not dropped.
        if (links.All.Any(link => link.IsUpstream && link.OwnerHere == set.Set.Owner))
        {
            return "Dream:PublicUri was changed";
        }

        var deleted = await client.DeleteAsync(new Uri(there), set, cancellationToken);
        return deleted.IsDone || deleted.IsGone ? null : deleted.Text;
    }

    /// <summary>
    /// The URI of the set at an upstream service with its access key, which a set here sends to; null: it is another
    /// set, or somebody replaced it.
    /// </summary>
    private static string? FindThere(StoredSet? set) => set is { IsOfUpstream: true, Set.Subscriptions: [var one] }
        && one.Destination.Contains(ChainClient.AccessKeyQuery, StringComparison.Ordinal)
        && IsHttp(one.Destination) ? one.Destination : null;

    /// <summary>The URI of our set at a downstream service, whose own URI is the owner of its set here.</summary>
    private string? GuessThere(StoredSet set)
    {
        var uri = $"{set.Set.Owner.TrimEnd('/')}/subscribers/{set.Location}";
        return IsHttp(uri) ? ChainClient.WithKey(uri, keys.DeriveSecret(set.Location)) : null;
    }

    private static bool IsHttp(string uri) => DreamUri.TryParse(uri, out var read) && read.ToHttpUrl() is not null;

    private async Task WatchAsync(ChainLink link, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.Zero;
        while (!cancellationToken.IsCancellationRequested)
        {
            var fault = await TryLinkAsync(link, cancellationToken);
            if (fault is not null && _faults.IsNew($"{link.Service} {fault}"))
            {
                DreamDiagnostics.NotLinked(logger, link.Service, fault);
            }

            delay = fault is null ? CheckInterval
                : delay < s_retryDelayMin ? s_retryDelayMin
                : delay * 2 < CheckInterval ? delay * 2
                : CheckInterval;
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    // Null: the link holds.
    private async Task<string?> TryLinkAsync(ChainLink link, CancellationToken cancellationToken)
    {
        try
        {
            return link.IsUpstream
                ? await LinkUpstreamAsync(link, cancellationToken)
                : await LinkDownstreamAsync(link, cancellationToken);
        }
        catch (StateException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            DreamDiagnostics.LinkFailed(logger, exception, link.Service);
            return "an unexpected fault";
        }
    }

    private async Task<string?> LinkUpstreamAsync(ChainLink link, CancellationToken cancellationToken)
    {
        var (location, accessKey) = NamesOf(link);
        var known = FindThere(sets.Book.Find(location));
        var empty = new SubscriptionSet(own.Own, Version: null, SetReader.FailuresDefault, 0, []);
        var (uri, isNew, fault) = await EnsureThereAsync(link, empty, known, cancellationToken);
        if (uri is null)
        {
            return fault;
        }

        var parts = uri.Split(ChainClient.AccessKeyQuery);
        var cookie = SetCookie.Of("access-key", parts[1], parts[0], version: 1);
        fault = await EnsureHereAsync(location, accessKey, Watching(link.OwnerHere, cookie, uri));
        if (isNew)
        {
            notices.Repeat(location);
        }

        return fault;
    }

    private async Task<string?> LinkDownstreamAsync(ChainLink link, CancellationToken cancellationToken)
    {
        var (location, accessKey) = NamesOf(link);
        var before = sets.Book.Find(location);
        var answer = await client.ReadCombinedAsync(link, cancellationToken);
        if (!answer.IsDone)
        {
            return answer.Text;
        }

        if (!SetXml.TryRead(answer.Body, "application/xml", out var root, out var fault)
            || !SetReader.TryRead(root, out var set, out fault))
        {
            return fault;
        }

        // Race: a notice of that service may have brought a newer set meanwhile.
        fault = sets.Book.Find(location) == before ? await EnsureHereAsync(location, accessKey, set) : null;
        if (fault is not null)
        {
            return fault;
        }

        var watching = Watching(
            own.Own, SetCookie.Of("access-key", accessKey, $"{own.Own}/subscribers", version: 1),
            $"{own.Own}/subscribers/{location}");
        var expected = ChainClient.WithKey($"{link.Uri.GetLeftPart(UriPartial.Path)}/{location}", accessKey);
        (var uri, _, fault) = await EnsureThereAsync(link, watching, expected, cancellationToken);
        return uri is null ? fault : null;
    }

    /// <summary>Makes sure that our set is at the other service.</summary>
    /// <param name="link">The other service.</param>
    /// <param name="set">The set.</param>
    /// <param name="known">Where it is if it is there, with its access key; null: it was not registered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its URI there with its access key, and whether it was not there before; or what is wrong.</returns>
    private async Task<(string? Uri, bool IsNew, string? Fault)> EnsureThereAsync(
        ChainLink link, SubscriptionSet set, string? known, CancellationToken cancellationToken)
    {
        if (known is not null)
        {
            var found = await client.ReadSetAsync(link, known, cancellationToken);
            if (found.IsDone)
            {
                return (known, false, null);
            }

            // Any other answer does not say that the set is gone.
            if (!found.IsGone)
            {
                return (null, false, found.Text);
            }
        }

        var (location, accessKey) = NamesOf(link);
        var answer = await client.RegisterAsync(link, set, location, accessKey, cancellationToken);
        if (answer is { IsDone: true, Location: { } created })
        {
            DreamDiagnostics.Linked(logger, link.Service, location);
            return (ChainClient.WithKey(created, AccessKeyIn(answer) ?? accessKey), true, null);
        }

        if (answer is { Status: 409, Location: { } taken })
        {
            // It is ours, of before a crash, if the access key opens it. Then an empty set would drop what waits for us
            // there. Without a version, it also replaces a newer one.
            var uri = ChainClient.WithKey(taken, accessKey);
            var present = link.IsUpstream
                ? combined.ForUpstream(link.OwnerHere) with { Version = null }
                : set;
            var replaced = await client.ReplaceAsync(link, present, uri, cancellationToken);
            return replaced.IsDone || replaced.Status == 304 ? (uri, true, null)
                : replaced.Status is not (403 or 404) ? (null, false, replaced.Text)
                : (null, false, "it has a set of this service whose access key is another one; delete it there");
        }

        return (null, false, answer.Text);
    }

    // Earlier versions of Dream choose the access key themselves.
    private static string? AccessKeyIn(ChainAnswer answer) =>
        SetXml.TryRead(answer.Body, "application/xml", out var root, out _)
        && root.Element("access-key")?.Value is { } key && SetKeys.IsValid(key) ? key : null;

    /// <summary>Makes sure that a set is here.</summary>
    private async Task<string?> EnsureHereAsync(string location, string accessKey, SubscriptionSet set)
    {
        if (sets.Book.Find(location) is { } known)
        {
            if (SetWriter.IsSame(known.Set, set))
            {
                await sets.ConfirmAsync(location, isProbe: false);
                return null;
            }

            // The other service may count its versions from the beginning after a start.
            var replaced = await sets.ReplaceAsync(location, set, accessKey: null, isForced: true);
            return replaced.Kind == SetOutcomeKind.Done ? null : $"its set was not taken: {replaced.Kind}";
        }

        var created = await sets.CreateAsync(set, Caller.ConfigurationId, location, accessKey);
        return created.Kind == SetOutcomeKind.Done ? null : $"its set was not taken: {created.Kind}";
    }

    private (string Location, string AccessKey) NamesOf(ChainLink link)
    {
        // Nobody can guess the location, and so take it before. Others may be linked with the same service.
        var secret = keys.DeriveSecret($"location\n{own.Own}\n{link.Uri}");
        var location = (link.IsUpstream ? StoredSet.UpstreamPrefix : "down-") + secret;
        return (location, keys.DeriveSecret(location));
    }

    private static SubscriptionSet Watching(string owner, SetCookie cookie, string uri)
    {
        var element = new XElement("recipient", new XElement("uri", uri));
        var recipient = new SetRecipient(
            uri, AuthToken: null, UserId: null, element.ToString(SaveOptions.DisableFormatting));
        return new SubscriptionSet(
            owner, Version: null, SetReader.FailuresDefault, 0,
            [new SetSubscription("1", ["pubsub://*/*"], [], cookie, Proxy: null, [recipient])]);
    }
}

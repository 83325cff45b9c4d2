using System.Text;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Dream.Events;
using WikiBus.Server.Dream.Matching;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>
/// Decides when an event is sent who may get it, as the MindTouch bus does. A recipient with the master key or the
/// instance key of the wiki gets everything. One with a user's id gets an event about a page if the wiki says that the
/// user may read it, and no deletion. Any other gets nothing. Safe for concurrent use.
/// </summary>
/// <remarks>Source: Deki's <c>DekiDispatcher.FilterRecipients</c>, and recorded deliveries and calls.</remarks>
internal sealed class DekiAuthorization(
    DekiOptions options, DekiApi api, PageRights rights, KnownSubscriptions known, TimeProvider time)
{
    private readonly AnswerCache<string, string> _instanceKeys = new(time);
    private readonly AnswerCache<(string Wiki, string Page), IReadOnlySet<string>> _ancestors = new(time);

    /// <summary>Do attributes of recipients mean anything?</summary>
    public bool IsOn => options.IsOn;

    /// <summary>The URIs of the recipients that may get an event; a fault: the wiki did not answer.</summary>
    /// <param name="event">The event.</param>
    /// <param name="subscriptions">The subscriptions of one destination that want it by their patterns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DekiAnswer<IReadOnlyList<string>>> JudgeAsync(
        DreamEvent @event, IReadOnlyList<SetSubscription> subscriptions, CancellationToken cancellationToken)
    {
        var subject = Subject.Of(@event);
        var candidates = new List<SetRecipient>();
        foreach (var subscription in subscriptions)
        {
            var isWanted = await IsAboutAsync(subscription, subject, @event, cancellationToken);
            if (isWanted.Fault is { } fault)
            {
                return Unanswered(fault);
            }

            if (isWanted.Value)
            {
                candidates.AddRange(subscription.Recipients.Where(one => @event.IsFor(one.Uri)));
            }
        }

        return await FilterAsync(candidates, subject, @event, cancellationToken);
    }

    private async Task<DekiAnswer<IReadOnlyList<string>>> FilterAsync(
        List<SetRecipient> candidates, Subject subject, DreamEvent @event, CancellationToken cancellationToken)
    {
        var allowed = new List<string>();
        var users = new List<(string Uri, uint User)>();
        foreach (var recipient in candidates)
        {
            if (!string.IsNullOrEmpty(recipient.AuthToken))
            {
                var isHolder = await IsKeyHolderAsync(recipient.AuthToken, subject.Wiki, cancellationToken);
                if (isHolder.Fault is { } fault)
                {
                    return Unanswered(fault);
                }

                if (isHolder.Value)
                {
                    allowed.Add(recipient.Uri);
                }
            }
            else if (DekiApi.ToId(recipient.UserId) is { } user)
            {
                users.Add((recipient.Uri, user));
            }
        }

        if (users.Count > 0 && subject is { IsDelete: false, Wiki: { } wiki, Page: { } page })
        {
            var answer = await rights.FindAllowedAsync(
                wiki, page, [.. users.Select(static one => one.User).Distinct()], () => UsersOf(@event.Channel),
                cancellationToken);
            if (answer.Fault is { } fault)
            {
                return Unanswered(fault);
            }

            allowed.AddRange(users.Where(one => answer.Value!.Contains(one.User)).Select(static one => one.Uri));
        }

        return new DekiAnswer<IReadOnlyList<string>>([.. allowed.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Is an event about pages about one that the subscription names? Others are judged by patterns.</summary>
    private async Task<DekiAnswer<bool>> IsAboutAsync(
        SetSubscription subscription, Subject subject, DreamEvent @event, CancellationToken cancellationToken)
    {
        if (!subject.IsPage || @event.Recipients.Count > 0 || subscription.Resources.Count == 0
            || IsMatch(subscription.Resources, @event.Resource))
        {
            return new DekiAnswer<bool>(true);
        }

        var pages = subscription.Resources.Select(PageResource.TryRead).OfType<PageResource>()
            .Where(one => subject.Wiki is not null && one.Wiki.Equals(subject.Wiki, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (subject.IsDelete || subject.Page is not { } page || pages.Count == 0)
        {
            return new DekiAnswer<bool>(false);
        }

        if (pages.Exists(one => one.Page == page))
        {
            return new DekiAnswer<bool>(true);
        }

        var trees = pages.FindAll(static one => one.IsTree);
        if (trees.Count == 0)
        {
            return new DekiAnswer<bool>(false);
        }

        var above = await _ancestors.FindAsync(
            (subject.Wiki!, page), () => api.ReadAncestorsAsync(subject.Wiki!, page), cancellationToken);
        return above.Fault is null
            ? new DekiAnswer<bool>(trees.Exists(one => above.Value!.Contains(one.Page)))
            : new DekiAnswer<bool>(false, above.Fault);
    }

    private async Task<DekiAnswer<bool>> IsKeyHolderAsync(
        string token, string? wiki, CancellationToken cancellationToken)
    {
        if (KeySecret.IsEqual(token, options.ApiKey))
        {
            return new DekiAnswer<bool>(true);
        }

        if (wiki is null)
        {
            return new DekiAnswer<bool>(false);
        }

        var key = await _instanceKeys.FindAsync(wiki, () => api.ReadInstanceKeyAsync(wiki), cancellationToken);
        return new DekiAnswer<bool>(key.Value is { Length: > 0 } known && KeySecret.IsEqual(token, known), key.Fault);
    }

    // Users first, since most sets have none, and patterns cost more.
    private IEnumerable<uint> UsersOf(string channel)
    {
        var utf8 = Encoding.UTF8.GetBytes(channel);
        return known.All()
            .Select(static one => (one.Channels, Users: UserIdsIn(one.Recipients).ToList()))
            .Where(one => one.Users.Count > 0 && one.Channels.Any(text =>
                ChannelPattern.TryParse(text, out var pattern, out _) && pattern.Matches(utf8)))
            .SelectMany(static one => one.Users);
    }

    private static IEnumerable<uint> UserIdsIn(IEnumerable<SetRecipient> recipients) => recipients
        .Where(static one => string.IsNullOrEmpty(one.AuthToken))
        .Select(static one => DekiApi.ToId(one.UserId)).OfType<uint>();

    private static bool IsMatch(IReadOnlyList<string> resources, string? resource) => resource is null
        ? resources.Any(static text => PageResource.TryRead(text) is null)
        : resources.Any(text => ChannelPattern.TryParse(text, out var pattern, out _)
            && pattern.MatchesAnyScheme(Encoding.UTF8.GetBytes(resource)));

    private static DekiAnswer<IReadOnlyList<string>> Unanswered(string fault) => new(null, fault);

    /// <summary>What an event is about.</summary>
    private sealed record Subject(string? Wiki, string? Page, bool IsPage, bool IsDelete)
    {
        public static Subject Of(DreamEvent @event)
        {
            var root = DocumentRoot.Read(@event.Body);
            var segments = PageChannel.SegmentsOf(@event.Channel);
            return new Subject(
                WikiId.IsValid(root.WikiId) ? root.WikiId : null, root.PageId,
                PageChannel.IsAboutPages(@event.Channel),
                segments.Length > 2 && segments[2].Equals("delete", StringComparison.OrdinalIgnoreCase));
        }
    }
}

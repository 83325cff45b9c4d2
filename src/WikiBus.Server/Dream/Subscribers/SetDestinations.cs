using System.Globalization;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>
/// Makes the engine's subscriptions agree with the sets: one subscription for each destination, with the id
/// <c>dream:LOCATION:NUMBER</c>. All its work may be repeated. One call at a time for each location.
/// </summary>
internal sealed class SetDestinations(Subscriptions subscriptions, DreamOptions options)
{
    private const string Prefix = DreamFeature.FeatureName + ":";

    /// <summary>Creates, replaces and deletes until the engine agrees with a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="isProbe">Also tries destinations again that are down, even if nothing changed.</param>
    /// <returns>Was there a difference?</returns>
    /// <exception cref="StateException">It could not be stored. The next call goes on.</exception>
    public async Task<bool> AgreeAsync(StoredSet set, bool isProbe)
    {
        var differed = false;
        foreach (var number in NumbersOf(set))
        {
            if (set.Destinations.TryGetValue(number, out var uri))
            {
                differed |= await KeepAsync(IdOf(set.Location, number), set, uri, isProbe);
            }
            else
            {
                differed |= await DeleteAsync(IdOf(set.Location, number));
            }
        }

        return differed;
    }

    /// <summary>Deletes all subscriptions of a set.</summary>
    /// <exception cref="StateException">It could not be stored. The next call goes on.</exception>
    public Task RemoveAsync(StoredSet set) =>
        AgreeAsync(set with { Destinations = new Dictionary<int, string>() }, isProbe: false);

    /// <summary>Deletes the subscriptions that belong to no set.</summary>
    /// <exception cref="StateException">It could not be stored. The next call goes on.</exception>
    public async Task RemoveOthersAsync(IEnumerable<StoredSet> sets)
    {
        var wanted = sets.SelectMany(static set => set.Destinations.Keys, static (set, number) =>
            IdOf(set.Location, number)).ToHashSet(StringComparer.Ordinal);
        foreach (var status in subscriptions.List(DreamFeature.FeatureName).Where(one => !wanted.Contains(one.Id)))
        {
            await DeleteAsync(status.Id);
        }
    }

    private static string IdOf(string location, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{location}:{number}");

    // A deletion that failed may have left any number.
    private IEnumerable<int> NumbersOf(StoredSet set) =>
        Enumerable.Range(1, options.DestinationsPerSetMax).Union(set.Destinations.Keys);

    private async Task<bool> KeepAsync(string id, StoredSet set, string uri, bool isProbe)
    {
        var definition = DefinitionOf(set, uri);
        if (subscriptions.Find(DreamFeature.FeatureName, id) is not { } status)
        {
            await subscriptions.CreateAsync(
                DreamFeature.FeatureName, id, set.KeyId, definition, start: null, int.MaxValue,
                isSame: stored => stored == definition);
            return true;
        }

        var differs = status.Definition != definition || status.Owner != set.KeyId;
        if (differs || isProbe)
        {
            await subscriptions.ReplaceAsync(DreamFeature.FeatureName, id, _ => definition, set.KeyId);
        }

        if (isProbe && status.State is "suspended" or "gone")
        {
            await subscriptions.ResumeAsync(DreamFeature.FeatureName, id, fromNow: false);
        }

        return differs;
    }

    private async Task<bool> DeleteAsync(string id)
    {
        if (subscriptions.Find(DreamFeature.FeatureName, id) is null)
        {
            return false;
        }

        await subscriptions.DeleteAsync(DreamFeature.FeatureName, id);
        return true;
    }

    // Of the cookies of the set, those for the destination: a set with many of both would become very large.
    private static string DefinitionOf(StoredSet stored, string uri)
    {
        var set = stored.Set;
        var cookies = DreamUri.TryParse(uri, out var target)
            ? set.Subscriptions.Select(static subscription => subscription.Cookie).OfType<SetCookie>()
                .Where(cookie => CookieHeader.Covers(cookie, target, out _))
            : [];
        return new DestinationDefinition(
            stored.Location, uri, set.FailuresMax, set.FailureSecondsMax,
            [.. set.Subscriptions.Where(subscription => subscription.Destination == uri)],
            [
                .. cookies.Reverse().DistinctBy(static cookie => (cookie.Name, cookie.Uri)).Reverse(),
            ]).ToJson();
    }
}

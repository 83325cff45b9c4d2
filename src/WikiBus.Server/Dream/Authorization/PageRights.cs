namespace WikiBus.Server.Dream.Authorization;

/// <summary>
/// Which users may get events about a page. One call asks for all users that may want an event about it, and the answer
/// counts for <see cref="AnswerCache{TKey, TValue}.AgeMax"/>. Safe for concurrent use.
/// </summary>
internal sealed class PageRights(DekiApi api, TimeProvider time)
{
    /// <summary>Most users of one call.</summary>
    public const int UsersMax = 1_000;

    private readonly AnswerCache<(string Wiki, string Page, uint User), bool> _known = new(time);
    private readonly SharedCalls<(string Wiki, string Page), string?> _calls = new();

    /// <summary>Those of the users that may get events about the page.</summary>
    /// <param name="wiki">The id of the wiki.</param>
    /// <param name="page">The id of the page.</param>
    /// <param name="users">The users.</param>
    /// <param name="others">Users that others will ask for; they are asked for in the same call.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<DekiAnswer<IReadOnlySet<uint>>> FindAllowedAsync(
        string wiki, string page, IReadOnlyCollection<uint> users, Func<IEnumerable<uint>> others,
        CancellationToken cancellationToken)
    {
        var allowed = new HashSet<uint>();
        var missing = Look(wiki, page, users, allowed);
        while (missing.Count > 0)
        {
            // A call about the page that runs already may ask for these users, too.
            if (await _calls.JoinAsync(
                (wiki, page), () => AskAsync(wiki, page, missing, others), cancellationToken) is { } fault)
            {
                return new DekiAnswer<IReadOnlySet<uint>>(null, fault);
            }

            // Those that are known stay so, though their answers may end before the last call does.
            missing = Look(wiki, page, missing, allowed);
        }

        return new DekiAnswer<IReadOnlySet<uint>>(allowed);
    }

    // Looks once for each user: an answer that ends between two looks would pass for a refusal.
    private List<uint> Look(string wiki, string page, IReadOnlyCollection<uint> users, HashSet<uint> allowed)
    {
        var missing = new List<uint>();
        foreach (var user in users)
        {
            if (!_known.TryGet((wiki, page, user), out var isAllowed))
            {
                missing.Add(user);
            }
            else if (isAllowed)
            {
                allowed.Add(user);
            }
        }

        return missing;
    }

    private async Task<string?> AskAsync(
        string wiki, string page, IReadOnlyCollection<uint> users, Func<IEnumerable<uint>> others)
    {
        // A call that ended just before this one may have answered.
        var missing = Look(wiki, page, users, []);
        if (missing.Count == 0)
        {
            return null;
        }

        var all = missing.Concat(others()).Distinct().Take(UsersMax).ToList();
        var answer = await api.ReadAllowedAsync(wiki, page, all);
        if (answer.Value is { } allowed)
        {
            all.ForEach(user => _known.Set((wiki, page, user), allowed.Contains(user)));
        }

        return answer.Fault;
    }
}

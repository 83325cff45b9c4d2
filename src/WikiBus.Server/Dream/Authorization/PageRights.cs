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
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Wiki, string Page), Task<string?>> _asking = [];

    /// <summary>Those of the users that may get events about the page.</summary>
    /// <param name="wiki">The id of the wiki.</param>
    /// <param name="page">The id of the page.</param>
    /// <param name="users">The users.</param>
    /// <param name="others">Users that others will ask for; they are asked for in the same call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DekiAnswer<IReadOnlySet<uint>>> FindAllowedAsync(
        string wiki, string page, IReadOnlyCollection<uint> users, Func<IEnumerable<uint>> others,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var (allowed, missing) = Look(wiki, page, users);
            if (missing.Count == 0)
            {
                return new DekiAnswer<IReadOnlySet<uint>>(allowed);
            }

            if (await AskOnceAsync(wiki, page, missing, others, cancellationToken) is { } fault)
            {
                return new DekiAnswer<IReadOnlySet<uint>>(null, fault);
            }
        }
    }

    // Looks once for each user: an answer that ends between two looks would pass for a refusal.
    private (IReadOnlySet<uint> Allowed, List<uint> Missing) Look(
        string wiki, string page, IReadOnlyCollection<uint> users)
    {
        var allowed = new HashSet<uint>();
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

        return (allowed, missing);
    }

    // A call about the page that runs already may ask for these users, too.
    private Task<string?> AskOnceAsync(
        string wiki, string page, List<uint> missing, Func<IEnumerable<uint>> others,
        CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_asking.TryGetValue((wiki, page), out var asking))
            {
                var all = missing.Concat(others()).Distinct().Take(UsersMax).ToList();
                asking = AskAsync(wiki, page, all, cancellationToken);
                _asking.Add((wiki, page), asking);
            }

            return asking;
        }
    }

    private async Task<string?> AskAsync(
        string wiki, string page, List<uint> users, CancellationToken cancellationToken)
    {
        // The caller holds the lock.
        await Task.Yield();
        try
        {
            var answer = await api.ReadAllowedAsync(wiki, page, users, cancellationToken);
            if (answer.Value is { } allowed)
            {
                users.ForEach(user => _known.Set((wiki, page, user), allowed.Contains(user)));
            }

            return answer.Fault;
        }
        finally
        {
            lock (_lock)
            {
                _asking.Remove((wiki, page));
            }
        }
    }
}

namespace WikiBus.Events.Deki;

/// <summary>What a property belongs to.</summary>
public sealed record DekiPropertyOwner
{
    private DekiPropertyOwner(string kind, string path, string? idElement, long id)
    {
        Kind = kind;
        Path = path;
        IdElement = idElement;
        Id = id;
    }

    /// <summary>The site.</summary>
    public static DekiPropertyOwner Site { get; } = new("site", "site", null, 0);

    /// <summary>The first segment of the channel.</summary>
    internal string Kind { get; }

    /// <summary>The owner's place below the API.</summary>
    internal string Path { get; }

    /// <summary>The name of the element with the owner's id; null if it has none.</summary>
    internal string? IdElement { get; }

    internal long Id { get; }

    internal DekiPage? Page { get; private init; }

    internal DekiUser? User { get; private init; }

    /// <summary>A page.</summary>
    /// <param name="id">The page's id, at least 1.</param>
    /// <param name="page">The page, whose readers learn of the change; null if it no longer exists.</param>
    public static DekiPropertyOwner OfPage(long id, DekiPage? page) =>
        new("pages", $"pages/{Check.Id(id, nameof(id))}", "pageid", id)
        {
            Page = SameId(page, page?.Id, id, nameof(page)),
        };

    /// <summary>A file. The readers of its page learn of the change.</summary>
    /// <param name="file">The file.</param>
    public static DekiPropertyOwner OfFile(DekiFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new DekiPropertyOwner("files", file.Path, "fileid", file.Id) { Page = file.Page };
    }

    /// <summary>A user.</summary>
    /// <param name="id">The user's id, at least 1.</param>
    /// <param name="user">The user, whose watchers learn of the change; null if it no longer exists.</param>
    public static DekiPropertyOwner OfUser(long id, DekiUser? user) =>
        new("users", $"users/{Check.Id(id, nameof(id))}", "userid", id)
        {
            User = SameId(user, user?.Id, id, nameof(user)),
        };

    private static T? SameId<T>(T? owner, long? ownerId, long id, string name)
        where T : class =>
        owner is null || ownerId == id
            ? owner
            : throw new ArgumentException($"It has the id {ownerId} instead of {id}.", name);
}

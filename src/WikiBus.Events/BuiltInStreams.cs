namespace WikiBus.Events;

/// <summary>
/// The streams that MediaWiki's EventBus extension sends (REL1_35 to master), and their names in EventStreams.
/// </summary>
public static class BuiltInStreams
{
    /// <summary>The prefix of the names of job streams; the job's type follows.</summary>
    public const string JobPrefix = "mediawiki.job.";

    /// <summary>The title of the schema of job events.</summary>
    public const string JobSchemaTitle = "mediawiki/job";

    /// <summary>The streams with a fixed name. Only <see cref="Find"/> knows job streams.</summary>
    public static IReadOnlyList<StreamDefinition> All { get; } =
    [
        new("mediawiki.recentchange", "mediawiki/recentchange",
            "Everything that appears on Special:RecentChanges.", "recentchange"),
        new("mediawiki.page-create", "mediawiki/revision/create", "A page was created.", "page-create"),
        new("mediawiki.page-delete", "mediawiki/page/delete", "A page was deleted.", "page-delete"),
        new("mediawiki.page-suppress", "mediawiki/page/delete", "A page was deleted and hidden from administrators."),
        new("mediawiki.page-undelete", "mediawiki/page/undelete", "A deleted page was restored.", "page-undelete"),
        new("mediawiki.page-move", "mediawiki/page/move", "A page was renamed.", "page-move"),
        new("mediawiki.page-links-change", "mediawiki/page/links-change",
            "A page's links changed.", "page-links-change"),
        new("mediawiki.page-properties-change", "mediawiki/page/properties-change", "A page's properties changed.",
            "page-properties-change"),
        new("mediawiki.page-restrictions-change", "mediawiki/page/restrictions-change", "A page's protection changed."),
        new("mediawiki.page_change", "mediawiki/page/change",
            "A page changed in any way (first version, MediaWiki 1.40)."),
        new("mediawiki.page_change.v1", "mediawiki/page/change", "A page changed in any way."),
        new("mediawiki.revision-create", "mediawiki/revision/create", "A revision was stored.", "revision-create"),
        new("mediawiki.revision-tags-change", "mediawiki/revision/tags-change", "A revision's tags changed."),
        new("mediawiki.revision-visibility-change", "mediawiki/revision/visibility-change",
            "Parts of a revision were hidden or shown again."),
        new("mediawiki.revision-recommendation-create", "mediawiki/revision/recommendation-create",
            "A recommendation was made for a revision."),
        new("mediawiki.user-blocks-change", "mediawiki/user/blocks-change", "A user's block was set or changed."),
        new("mediawiki.user_change.v1", "development/mediawiki_user_change",
            "A user was created, renamed or got other groups."),
        new("mediawiki.centralnotice.campaign-create", "mediawiki/centralnotice/campaign/create",
            "A campaign was created."),
        new("mediawiki.centralnotice.campaign-change", "mediawiki/centralnotice/campaign/change",
            "A campaign was changed."),
        new("mediawiki.centralnotice.campaign-delete", "mediawiki/centralnotice/campaign/delete",
            "A campaign was deleted."),
        new("resource_change", "resource_change", "What stands at a URL changed."),
        new("resource-purge", "resource_change", "Caches have to drop a URL."),
        new("test.event", "test/event", "Events that try out the bus."),
    ];

    private static readonly Dictionary<string, StreamDefinition> s_byName =
        All.ToDictionary(stream => stream.Name, StringComparer.Ordinal);

    /// <summary>Is this the name of a job stream?</summary>
    public static bool IsJob(string name) =>
        name.Length > JobPrefix.Length && name.StartsWith(JobPrefix, StringComparison.Ordinal);

    /// <summary>The stream of this name, job streams included; null when it is not built in.</summary>
    public static StreamDefinition? Find(string name) =>
        s_byName.TryGetValue(name, out var stream) ? stream
        : IsJob(name) ? new StreamDefinition(name, JobSchemaTitle, $"Jobs of the type {name[JobPrefix.Length..]}.")
        : null;
}

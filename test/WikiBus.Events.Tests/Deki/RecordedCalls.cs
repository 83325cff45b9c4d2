using WikiBus.Events.Deki;

namespace WikiBus.Events.Tests.Deki;

/// <summary>The recorded calls of Deki's change sink, each with the builder that is called for it.</summary>
internal static class RecordedCalls
{
    public static IReadOnlyList<RecordedCall> Read() =>
        [.. Recordings.Read("deki-events.jsonl").Select((line, index) => new RecordedCall(index + 1, line))];

    public static IReadOnlyList<DekiEvent> Build(RecordedCall call)
    {
        var events = new DekiEvents(call.Wiki);
        return call.Name switch
        {
            "PagePoke" => events.PagePoked(call.Page, call.User),
            "PageCreate" => events.PageCreated(call.Page, call.User),
            "PageMove" => events.PageMoved(call.Previous, call.Page, call.User),
            "PageUpdate" => events.PageUpdated(call.Page, call.User),
            "PageRevert" => events.PageReverted(call.Page, call.User, call.RevertedTo),
            "PageDelete" => events.PageDeleted(call.Page, call.User),
            "PageAliasCreate" => events.PageAliasCreated(call.Page, call.User),
            "PageViewed" => events.PageViewed(call.Page, call.User),
            "PageTagsUpdate" => events.PageTagsUpdated(call.Page, call.User),
            "PageRated" => events.PageRated(call.Page, call.User),
            "PageSecuritySet" => events.PageSecuritySet(call.Page, call.Cascade),
            "PageSecurityUpdated" => events.PageSecurityUpdated(call.Page, call.Cascade),
            "PageSecurityDelete" => events.PageSecurityDeleted(call.Page),
            "PageMessage" => events.PageMessageSent(call.Page, call.User, call.Message),
            "CommentPoke" => events.CommentPoked(call.Page, call.Comment, call.User),
            "CommentCreate" => events.CommentCreated(call.Page, call.Comment, call.User),
            "CommentUpdate" => events.CommentUpdated(call.Page, call.Comment, call.User),
            "CommentDelete" => events.CommentDeleted(call.Page, call.Comment, call.User),
            "AttachmentPoke" => events.FilePoked(call.File),
            "AttachmentCreate" => events.FileCreated(call.File, call.User),
            "AttachmentUpdate" => events.FileUpdated(call.File, call.User),
            "AttachmentDelete" => events.FileDeleted(call.File, call.User),
            "AttachmentRestore" => events.FileRestored(call.File, call.User),
            "AttachmentMove" => events.FileMoved(call.File, call.Source, call.User),
            "PropertyCreate" => events.PropertyCreated(call.Property, call.Owner, call.User),
            "PropertyUpdate" => events.PropertyUpdated(call.Property, call.Owner, call.User),
            "PropertyDelete" => events.PropertyDeleted(call.Property, call.Owner, call.User),
            "UserCreate" => events.UserCreated(call.User),
            "UserUpdate" => events.UserUpdated(call.User),
            "UserChangePassword" => events.UserPasswordChanged(call.User),
            "UserLogin" => events.UserLoggedIn(call.User),
            "BanCreated" => events.BanCreated(call.Ban),
            "BanRemoved" => events.BanRemoved(call.Ban),
            "InstanceStarting" => events.SiteStarting(),
            "InstanceStarted" => events.SiteStarted(),
            "InstanceShutdown" => events.SiteStopped(),
            "InstanceSettingsChanged" => events.SiteSettingsUpdated(),
            "IndexRebuildStart" => events.IndexRebuildStarted(),
            "LicenseUpdated" => events.LicenseUpdated(call.License("previousState"), call.License("newState")),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call.Name, "a method of the change sink"),
        };
    }
}

using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Http;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>
/// Who may use the set at a location: whoever has its access key, by the parameter <c>access-key</c>, else by the
/// cookie of that name; and every caller that may manage. Without a set there is no access key that could be right.
/// </summary>
internal static class SetAccess
{
    private const string Name = "access-key";

    public static bool MayUse(HttpRequest request, Caller caller, StoredSet? set) =>
        (set is not null && PresentedKeyOf(request) is { } key && KeySecret.IsEqual(key, set.AccessKey))
        || caller.MayManage;

    /// <summary>Of a repeated parameter the first counts, and an empty one does not.</summary>
    private static string? PresentedKeyOf(HttpRequest request) =>
        request.Query[Name].FirstOrDefault() is { Length: > 0 } key ? key
        : RequestTraces.IsSameOrigin(request) ? CookieReader.Find(request.Headers.Cookie, Name)
        : null;
}

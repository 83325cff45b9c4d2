using Microsoft.AspNetCore.Http;
using WikiBus.Events.Deki;

namespace WikiBus.Producer;

/// <summary>
/// What the wiki knows about the sender and the page of a custom page message. The wiki registers its own
/// implementation, usually scoped.
/// </summary>
public interface IDekiPages
{
    /// <summary>Finds the user who sends a request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The user; null, or the user <c>Anonymous</c>, if nobody is logged in.</returns>
    ValueTask<DekiUser?> FindUserAsync(HttpContext context);

    /// <summary>Finds a page that the user may read.</summary>
    /// <param name="page">
    /// The page as the request's path names it, decoded once: an id, and in Deki also <c>home</c>, or <c>=</c> with an
    /// encoded title.
    /// </param>
    /// <param name="user">Who wants to read it.</param>
    /// <param name="context">The request.</param>
    /// <returns>The page; null if there is none that the user may read.</returns>
    ValueTask<DekiPage?> FindReadablePageAsync(string page, DekiUser user, HttpContext context);
}

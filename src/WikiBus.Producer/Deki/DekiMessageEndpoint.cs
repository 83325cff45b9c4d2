using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.Deki;

namespace WikiBus.Producer.Deki;

/// <summary>Takes custom page messages, and answers in the order and with the texts of Deki's API.</summary>
internal static class DekiMessageEndpoint
{
    /// <summary>The route below the API's path.</summary>
    public const string Route = $"/pages/{{{Page}}}/message/{{**{Path}}}";

    private const string Page = "page";
    private const string Path = "path";

    // What a body without a type is.
    private const string NoType = "application/octet-stream";

    public static async Task HandleAsync(HttpContext context)
    {
        var pages = context.RequestServices.GetRequiredService<IDekiPages>();
        if (await pages.FindUserAsync(context).ConfigureAwait(false) is not { Name: not "Anonymous" } user)
        {
            await DreamAnswer.RefuseAsync(
                context, StatusCodes.Status403Forbidden, "A logged-in user is required").ConfigureAwait(false);
            return;
        }

        if (await BoundedBody.ReadAsync(context.Request, DekiMessage.BodyBytesMax).ConfigureAwait(false)
            is not { } body)
        {
            // The bracket is Deki's.
            await DreamAnswer.RefuseAsync(
                context, StatusCodes.Status400BadRequest, "Content-length cannot exceed 128KB)").ConfigureAwait(false);
            return;
        }

        var id = (string)context.GetRouteValue(Page)!;
        if (await pages.FindReadablePageAsync(id, user, context).ConfigureAwait(false) is not { } page)
        {
            await DreamAnswer.RefuseAsync(
                context, StatusCodes.Status404NotFound, "There is no page that you may read").ConfigureAwait(false);
            return;
        }

        await PublishAsync(context, page, user, body).ConfigureAwait(false);
    }

    private static async Task PublishAsync(HttpContext context, DekiPage page, DekiUser user, byte[] body)
    {
        var publisher = context.RequestServices.GetRequiredService<IDekiEventPublisher>();
        var type = context.Request.ContentType is { Length: > 0 } sent ? sent : NoType;
        var events = publisher.Events;
        try
        {
            var message = new DekiMessage { Path = SegmentsOf(context), ContentType = type, Body = body };
            publisher.Publish(events.PageMessageSent(page, user, message));
        }
        catch (ArgumentException exception)
        {
            var fault = exception.ParamName switch
            {
                nameof(DekiMessage.Path) => "The path after message/ must consist of encoded segments",
                nameof(DekiMessage.ContentType) => $"unsupported mime-type: {type}",
                _ => exception.InnerException?.Message ?? exception.Message,
            };
            await DreamAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
            return;
        }

        await publisher.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    // The segments after message/ as the client encoded them. The route's value is decoded, so it only says how many
    // there are. It lacks dots, which the server resolves, so a path with dots is refused.
    private static string[] SegmentsOf(HttpContext context)
    {
        var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].Split('/');
        var decoded = (string?)context.GetRouteValue(Path) ?? "";
        var end = sent.Length - (decoded.EndsWith('/') ? 1 : 0);
        var start = end - decoded.TrimEnd('/').Split('/').Length;
        return decoded.Length == 0 || start < 0 || Array.Exists(sent, IsDots) ? [] : sent[start..end];
    }

    private static bool IsDots(string segment) => Uri.UnescapeDataString(segment) is "." or "..";
}

using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Answers;

/// <summary>
/// Maps a path of the service with its methods. Other methods get 405, before anything else is looked at, and
/// <c>OPTIONS</c> gets the list of methods.
/// </summary>
internal static class DreamRoute
{
    /// <param name="routes">Where it is added.</param>
    /// <param name="path">The path.</param>
    /// <param name="methods">What answers each method, given the request and its caller.</param>
    public static void MapDreamPath(
        this IEndpointRouteBuilder routes, string path,
        params (string Method, Func<HttpContext, Caller, Task> Answer)[] methods)
    {
        var allowed = string.Join(", ", methods.Select(static entry => entry.Method));
        routes.Map(path, context =>
        {
            CommonHeaders.Set(context.Response);
            context.Response.Headers.CacheControl = "no-store";
            var answer = Array.Find(methods, entry => entry.Method == context.Request.Method).Answer;
            if (answer is not null)
            {
                return AnswerAsync(context, answer);
            }

            context.Response.Headers.Allow = allowed;
            return HttpMethods.IsOptions(context.Request.Method)
                ? DreamAnswers.EmptyAsync(context, 200)
                : DreamAnswers.ErrorAsync(context, 405, $"allowed methods are {allowed}");
        }).WithMetadata(new DreamMethods([.. methods.Select(static entry => entry.Method)]));
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, Caller, Task> answer)
    {
        var access = context.RequestServices.GetRequiredService<AccessControl>();
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        try
        {
            await (caller.IsUnjudged ? DreamAnswers.NotJudgedAsync(context) : answer(context, caller));
        }
        catch (StateException)
        {
            await DreamAnswers.BusyAsync(context);
        }
    }
}

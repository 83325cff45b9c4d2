using System.Text;
using System.Text.Json;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Settings;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Intake;

/// <summary>
/// EventGate's routes besides <c>POST /v1/events</c>. Other methods at that path get the 404 page.
/// </summary>
internal static class IntakeEndpoints
{
    /// <summary>The project's home page: the page of this process.</summary>
    private const string Home = "/";

    private static readonly string[] s_get = [HttpMethods.Get, HttpMethods.Head];
    private static readonly char[] s_nameSeparators = [',', '|'];

    private static readonly Dictionary<string, string> s_info = new(StringComparer.Ordinal)
    {
        ["name"] = "wikibus",
        ["version"] = typeof(IntakeEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
        ["description"] = "The event bus for wikis: takes events in, keeps them durably and in order, hands them out.",
        ["home"] = Home,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/events", [HttpMethods.Options], static context => WriteTextAsync(
            context, "POST", "text/html; charset=utf-8", static headers => headers.Allow = "POST"));
        routes.MapPost("/v1/topics", static context =>
            context.RequestServices.GetRequiredService<EventsHandler>().HandleOldAddressAsync(context));
        routes.MapMethods("/v1/stream-configs/{streams?}", s_get, StreamConfigsAsync);
        routes.MapMethods("/robots.txt", s_get, static context =>
            WriteTextAsync(context, "User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8"));
        routes.MapMethods("/_info", s_get, static context =>
            WriteJsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(s_info, JsonOutput.Serializer)));
        routes.MapMethods("/_info/name", s_get, static context => InfoItemAsync(context, "name"));
        routes.MapMethods("/_info/version", s_get, static context => InfoItemAsync(context, "version"));
        routes.Map("/_info/home", HomeAsync);
        MapTestEvents(routes);
    }

    private static void MapTestEvents(IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<IntakeOptions>();
        if (TestEventList.TryRead(options.TestEvents, out var events, out _) && !events.IsEmpty)
        {
            var handler = routes.ServiceProvider.GetRequiredService<EventsHandler>();
            routes.MapMethods("/v1/_test/events", s_get, context => handler.HandleTestAsync(context, events));
        }
    }

    private static Task StreamConfigsAsync(HttpContext context)
    {
        var names = context.GetRouteValue("streams") as string;
        var catalog = context.RequestServices.GetRequiredService<StreamCatalog>();
        return WriteJsonAsync(
            context, catalog.ConfigJson(names?.Split(s_nameSeparators, StringSplitOptions.RemoveEmptyEntries)));
    }

    private static Task InfoItemAsync(HttpContext context, string item) =>
        WriteJsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>(StringComparer.Ordinal) { [item] = s_info[item] }, JsonOutput.Serializer));

    private static Task HomeAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        return WriteTextAsync(
            context, $"Moved Permanently. Redirecting to {Home}", "text/plain; charset=utf-8",
            static headers => headers.Location = Home);
    }

    private static Task WriteJsonAsync(HttpContext context, ReadOnlyMemory<byte> json) =>
        WriteAsync(context, json, "application/json; charset=utf-8");

    private static Task WriteTextAsync(
        HttpContext context, string text, string type, Action<IHeaderDictionary>? addHeaders = null)
    {
        addHeaders?.Invoke(context.Response.Headers);
        return WriteAsync(context, Encoding.UTF8.GetBytes(text), type);
    }

    private static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string type)
    {
        CommonHeaders.Set(context.Response);
        return WholeAnswer.WriteAsync(context, type, body);
    }
}

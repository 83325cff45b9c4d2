namespace WikiBus.Server.Access;

/// <summary>A request about keys by somebody who may manage.</summary>
/// <param name="Context">The request.</param>
/// <param name="Keys">The keys.</param>
/// <param name="Caller">Who sent it.</param>
internal sealed record KeyCall(HttpContext Context, KeyStore Keys, Caller Caller)
{
    public string KeyId => (string?)Context.Request.RouteValues["id"] ?? "";

    public DateTimeOffset Now => Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    public ILogger Logger => Context.RequestServices.GetRequiredService<ILogger<AccessControl>>();
}

namespace WikiBus.Server.Access;

/// <summary>A key and the one caller that all requests with it share.</summary>
/// <param name="Key">The key.</param>
/// <param name="Caller">Its caller.</param>
internal sealed record KeyEntry(AccessKey Key, Caller Caller);

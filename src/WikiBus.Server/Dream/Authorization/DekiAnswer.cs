namespace WikiBus.Server.Dream.Authorization;

/// <summary>What the wiki's API said.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Fault">Why there is none, for people; null: there is one. It is not a refusal.</param>
internal sealed record DekiAnswer<T>(T? Value, string? Fault = null);

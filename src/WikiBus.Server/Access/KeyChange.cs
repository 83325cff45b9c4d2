namespace WikiBus.Server.Access;

/// <summary>What came of a change of the keys.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Key">The key after the change; null unless it was done.</param>
/// <param name="Secret">The new secret, if one was made: the only time that it is told.</param>
internal sealed record KeyChange(KeyOutcome Outcome, AccessKey? Key = null, string? Secret = null);

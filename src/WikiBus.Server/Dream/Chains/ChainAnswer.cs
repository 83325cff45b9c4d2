namespace WikiBus.Server.Dream.Chains;

/// <summary>The answer of another service.</summary>
/// <param name="Status">Its status; 0: there was no answer.</param>
/// <param name="Location">The URI of a set, from <c>Location</c> or <c>Content-Location</c>, without its query.</param>
/// <param name="Body">Its body, possibly with the access key of a set that was created.</param>
/// <param name="Fault">What happened, for people, if there was no answer.</param>
internal sealed record ChainAnswer(int Status, string? Location, byte[] Body, string? Fault = null)
{
    public bool IsDone => Status is >= 200 and <= 299;

    /// <summary>Is there nothing at the URI, or nothing that its access key opens? Dream answers both by 403.</summary>
    public bool IsGone => Status is 403 or 404 or 410;

    public string Text => Fault ?? $"it answered {Status}";
}

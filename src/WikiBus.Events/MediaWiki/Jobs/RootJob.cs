namespace WikiBus.Events.MediaWiki;

/// <summary>The job at the start of the chain that led to a job (<c>root_event</c>).</summary>
/// <param name="Signature">Identifies it; equal ones may be done once.</param>
/// <param name="Time">When it was made.</param>
/// <exception cref="ArgumentException">The signature is empty.</exception>
public sealed record RootJob(string Signature, DateTimeOffset Time)
{
    /// <summary>Identifies it; equal ones may be done once.</summary>
    public string Signature { get; init => field = Require.Text(value); } = Require.Text(Signature);
}

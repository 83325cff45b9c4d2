namespace WikiBus.Events.Deki;

/// <summary>A user: the subject of an event, or the one who acts.</summary>
public sealed record DekiUser
{
    /// <summary>The user's id, at least 1.</summary>
    public required long Id { get; init => field = Check.Id(value, nameof(Id)); }

    /// <summary>The name. Exactly <c>Anonymous</c> is the user who is not logged in.</summary>
    public required string Name { get; init => field = Check.Text(value, nameof(Name)); }

    internal bool IsAnonymous => Name == "Anonymous";
}

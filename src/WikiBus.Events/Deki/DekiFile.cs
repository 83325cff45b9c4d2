namespace WikiBus.Events.Deki;

/// <summary>A file that is attached to a page.</summary>
public sealed record DekiFile
{
    /// <summary>The file's id, at least 1.</summary>
    public required long Id { get; init => field = Check.Id(value, nameof(Id)); }

    /// <summary>The number of its current revision, at least 1.</summary>
    public required long Revision { get; init => field = Check.Id(value, nameof(Revision)); }

    /// <summary>The id of the page that it is attached to, at least 1.</summary>
    public required long PageId { get; init => field = Check.Id(value, nameof(PageId)); }

    /// <summary>The page with that id, whose readers learn of the change; null if the page no longer exists.</summary>
    public DekiPage? Page { get; init; }

    /// <summary>Whether it is in the archive of deleted files. It is there already when its deletion is told.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The file's place below the API.</summary>
    internal string Path => IsDeleted ? $"archive/files/{Id}" : $"files/{Id}";
}

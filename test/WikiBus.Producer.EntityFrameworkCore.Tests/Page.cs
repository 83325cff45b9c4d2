namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>A page.</summary>
internal sealed class Page
{
    public long Id { get; set; }

    public string Title { get; set; } = "";

    [System.ComponentModel.DataAnnotations.ConcurrencyCheck]
    public int Version { get; set; }
}

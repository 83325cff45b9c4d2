using Microsoft.EntityFrameworkCore;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>The tables of a wiki.</summary>
internal sealed class WikiContext(DbContextOptions<WikiContext> options) : DbContext(options)
{
    public DbSet<Page> Pages => Set<Page>();
}

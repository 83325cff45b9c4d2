using Microsoft.EntityFrameworkCore;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>A context with one migration.</summary>
internal sealed class MigratedContext(DbContextOptions<MigratedContext> options) : DbContext(options);

using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Producer.EntityFrameworkCore;
using WikiBus.Producer.Outbox;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Connects contexts with the outbox of WikiBus.</summary>
public static class OutboxDbContextOptionsBuilderExtensions
{
    /// <summary>
    /// Lets the transactions of a context save the events that are published in the same scope. From then on events,
    /// jobs and purges of the scope can be published at any time; the next commit of the context saves them.
    /// </summary>
    /// <param name="builder">The options of the context.</param>
    /// <param name="services">
    /// The services of the scope that the context belongs to, as <c>AddDbContext</c> gives them.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The services belong to no scope, as with <c>AddDbContextPool</c>; or <c>AddWikiBusOutbox</c> was not called.
    /// </exception>
    public static DbContextOptionsBuilder UseWikiBusOutbox(
        this DbContextOptionsBuilder builder, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(services);
        var root = services.GetService<OutboxRoot>()
            ?? throw new InvalidOperationException("Call AddWikiBusOutbox, so that UseWikiBusOutbox finds the outbox.");
        if (!root.IsScope(services))
        {
            throw new InvalidOperationException(
                "UseWikiBusOutbox needs the services of one scope, so that events of different requests are not mixed. "
                + "Use AddDbContext, not AddDbContextPool or AddPooledDbContextFactory. Give AddDbContextFactory "
                + "ServiceLifetime.Scoped. The options of AddDbContext must not be a singleton.");
        }

        return builder
            .AddInterceptors(new OutboxSaveChangesInterceptor(services.GetRequiredService<OutboxScope>()))
            .ReplaceService<IRelationalTransactionFactory, OutboxTransactionFactory>();
    }

    /// <inheritdoc cref="UseWikiBusOutbox(DbContextOptionsBuilder, IServiceProvider)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseWikiBusOutbox<TContext>(
        this DbContextOptionsBuilder<TContext> builder, IServiceProvider services)
        where TContext : DbContext =>
        (DbContextOptionsBuilder<TContext>)UseWikiBusOutbox((DbContextOptionsBuilder)builder, services);
}

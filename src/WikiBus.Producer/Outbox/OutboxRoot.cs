using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.Producer.Outbox;

/// <summary>
/// Recognises services that belong to no scope: with them, the events of all requests would be in one list.
/// </summary>
internal sealed class OutboxRoot(IServiceProvider root)
{
    /// <summary>Whether these are the services of a scope.</summary>
    public bool IsScope(IServiceProvider services) => services.GetRequiredService<IServiceProvider>() != root;
}

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>That a process is the only relay. Disposing it lets another process take over.</summary>
internal interface IRelayLead : IAsyncDisposable
{
    /// <summary>How often <see cref="RenewAsync"/> is called.</summary>
    TimeSpan RenewalInterval { get; }

    /// <summary>Remains the only relay. False means that another process took over.</summary>
    Task<bool> RenewAsync(CancellationToken cancellation);
}

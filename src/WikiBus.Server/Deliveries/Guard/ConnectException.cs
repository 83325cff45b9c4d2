namespace WikiBus.Server.Deliveries.Guard;

/// <summary>A connection was not made. It carries the reason through <see cref="SocketsHttpHandler"/>.</summary>
internal sealed class ConnectException(UnreachedReason reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public UnreachedReason Reason { get; } = reason;
}

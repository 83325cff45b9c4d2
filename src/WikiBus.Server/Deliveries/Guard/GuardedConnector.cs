using System.Net;
using System.Net.Sockets;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// Makes the connections of requests. It looks a name up once, and connects only to addresses of that answer that it
/// checked. So a name that changes its addresses in between gains nothing.
/// </summary>
internal sealed class GuardedConnector(
    INetwork network, AddressRules rules, DeliveriesOptions options, TimeProvider time)
{
    /// <summary>Most addresses of a name that are tried.</summary>
    public const int AddressesMax = 8;

    /// <exception cref="ConnectException">There is no connection, and why.</exception>
    public async ValueTask<Stream> ConnectAsync(
        string host, int port, TargetNetworks allowed, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var limit = new Limit(options.ConnectTimeout, time, cancellationToken);
        try
        {
            var addresses = await ResolveAsync(host, limit.Token);
            var targets = Allowed(addresses, host, allowed);
            for (var index = 0; ; index++)
            {
                // Each address gets an equal part of the time that is left, so that a dead one leaves time for others.
                var left = options.ConnectTimeout - time.GetElapsedTime(start);
                var part = left / (targets.Count - index);
                if (await TryConnectAsync(new IPEndPoint(targets[index], port), part, limit.Token) is var tried
                    && tried.Stream is { } stream)
                {
                    return stream;
                }

                if (index == targets.Count - 1)
                {
                    throw tried.Fault!;
                }
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectException(
                UnreachedReason.ConnectTimeout,
                $"{host}:{port} did not answer in {options.ConnectTimeout.TotalSeconds:0.#} s",
                exception);
        }
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (HostName.Address(host) is { } literal)
        {
            return [literal];
        }

        try
        {
            // The system's lookup cannot always be cancelled, and the caller does not wait for it.
            var addresses = await network.ResolveAsync(host, cancellationToken).WaitAsync(cancellationToken);
            return addresses.Count > 0 ? addresses
                : throw new ConnectException(UnreachedReason.NameResolution, $"{host} has no address");
        }
        catch (SocketException exception)
        {
            throw new ConnectException(UnreachedReason.NameResolution, $"{host}: {exception.Message}", exception);
        }
    }

    private List<IPAddress> Allowed(IReadOnlyList<IPAddress> addresses, string host, TargetNetworks allowed)
    {
        var isHostAllowed = allowed.HasHost(host);
        var judged = addresses.Distinct()
            .Select(address => (Address: address, Fault: rules.FindFault(address, allowed, isHostAllowed)))
            .ToList();
        List<IPAddress> targets =
            [.. judged.Where(static one => one.Fault is null).Select(static one => one.Address).Take(AddressesMax)];
        return targets.Count > 0 ? targets
            : throw new ConnectException(UnreachedReason.Guard, $"blocked: {judged[0].Fault}");
    }

    private async Task<(Stream? Stream, ConnectException? Fault)> TryConnectAsync(
        IPEndPoint target, TimeSpan part, CancellationToken cancellationToken)
    {
        using var limit = new Limit(part, time, cancellationToken);
        try
        {
            return (await network.ConnectAsync(target, limit.Token), null);
        }
        catch (SocketException exception)
        {
            return (null, new ConnectException(UnreachedReason.Refused, $"{target}: {exception.Message}", exception));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new ConnectException(
                UnreachedReason.ConnectTimeout, $"{target} did not answer in {part.TotalSeconds:0.#} s", exception));
        }
    }
}

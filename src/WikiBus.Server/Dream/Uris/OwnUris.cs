using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WikiBus.Server.Dream.Settings;

namespace WikiBus.Server.Dream.Uris;

/// <summary>
/// The URIs of this service: <c>Dream:PublicUri</c>, those of the listeners, and the forms of localhost with their
/// ports. Names are not resolved. Safe for concurrent use.
/// </summary>
/// <param name="server">Knows the addresses of the listeners, once it listens.</param>
/// <param name="lifetime">Says that all listeners listen.</param>
/// <param name="options">The options.</param>
internal sealed class OwnUris(IServer server, IHostApplicationLifetime lifetime, DreamOptions options)
{
    private static readonly string[] s_localhosts = ["localhost", "127.0.0.1", "[::1]"];

    private volatile Names? _names;

    /// <summary>
    /// The fixed URI of the service, without a slash at its end. It identifies the service in chains.
    /// </summary>
    public string Own => Current.Own;

    /// <summary>
    /// Waits until <see cref="Own"/> is known: until the server listens, unless the options say it. Deliveries may
    /// begin earlier.
    /// </summary>
    public async Task WhenKnownAsync(CancellationToken cancellationToken)
    {
        if (options.PublicUri.Length == 0)
        {
            await WhenListeningAsync(cancellationToken);
        }
    }

    /// <summary>Waits until all listeners listen.</summary>
    public async Task WhenListeningAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Does the URI name this service?</summary>
    public bool IsOwn(DreamUri uri) => Current.Comparables.Contains(uri.Comparable);

    private Names Current
    {
        get
        {
            if (_names is { } known)
            {
                return known;
            }

            var isStarted = lifetime.ApplicationStarted.IsCancellationRequested;
            var listeners = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
            var names = NamesOf(listeners);

            // Until all listeners listen, some are missing, and the number of a port 0 is unknown.
            if (isStarted)
            {
                _names = names;
            }

            return names;
        }
    }

    private Names NamesOf(string[] listeners)
    {
        var own = options.PublicUri.Length > 0
            ? options.PublicUri.TrimEnd('/')
            : BaseOf(listeners.FirstOrDefault() ?? "http://localhost") + options.Path;
        var all = listeners.SelectMany(FormsOf).Select(listener => listener + options.Path).Append(own);
        return new Names(own, [.. all.Select(ComparableOf).OfType<string>()]);
    }

    private static IEnumerable<string> FormsOf(string listener)
    {
        var uri = new Uri(BaseOf(listener));
        return s_localhosts
            .Select(host => string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}://{host}:{uri.Port}"))
            .Prepend(BaseOf(listener));
    }

    /// <summary>A listener for all addresses has no name of its own.</summary>
    private static string BaseOf(string listener) => listener.TrimEnd('/')
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal);

    private static string? ComparableOf(string text) => DreamUri.TryParse(text, out var uri) ? uri.Comparable : null;

    private sealed record Names(string Own, HashSet<string> Comparables);
}

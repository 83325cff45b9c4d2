using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Hosting.Connections;
using WikiBus.Server.Options;

namespace WikiBus.Server.Hosting;

/// <summary>Sets Kestrel up: addresses, limits, and TLS by Kestrel's own section.</summary>
internal static class ListeningServices
{
    public const string KestrelSection = "Kestrel";

    /// <summary>
    /// HTTP/2 is off by default. One connection carries 100 requests there, so limits of connections mean little. After
    /// floods of resets the web server sometimes never ends a connection, and logs each flood as Critical.
    /// </summary>
    private const string ProtocolsKey = KestrelSection + ":EndpointDefaults:Protocols";

    /// <summary>
    /// Most bytes of a body. Intake lifts this limit, and counts the inflated bytes itself.
    /// </summary>
    private const long BodyBytesMax = 1 << 20;

    /// <summary>
    /// Most bytes of requests that the web server reads ahead, for each connection. By its own default of 1 MiB, the
    /// connections of one address could take a gigabyte.
    /// </summary>
    private const int ReadAheadBytesMax = 64 * 1024;

    public static void AddListening(this IServiceCollection services, IConfiguration configuration)
    {
        services.OptionFaults().Know(KestrelSection, ["Certificates", "EndpointDefaults", "Endpoints"]);
        var options = services.AddFeatureOptions<HostingOptions>(configuration);
        var inherited = InheritedSockets.Take(services.OptionFaults().Add);
        services.AddSingleton(inherited);
        if (inherited.Descriptors.Count > 0 && !configuration.GetSection("Hosting:Listen").Exists())
        {
            // Nobody asked for the default address.
            options.Listen = [];
        }

        services.Configure<KestrelServerOptions>(kestrel => Configure(kestrel, options, inherited, configuration));
        services.AddSingleton<ConnectionDiagnostics>();
        services.AddSingleton(static provider =>
        {
            var access = provider.GetRequiredService<AccessOptions>();
            return new ConnectionGate(
                provider.GetRequiredService<ConnectionLimits>(),
                [new NetworkList(access.TrustedNetworks), new NetworkList(access.TrustedProxies)],
                provider.GetRequiredService<ConnectionDiagnostics>());
        });
        services.Configure<SocketTransportOptions>(
            transport => transport.MaxReadBufferSize = Math.Max(ReadAheadBytesMax, options.HeaderBytesMax));
        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, GatedTransport>();
    }

    private static void Configure(
        KestrelServerOptions kestrel, HostingOptions options, InheritedSockets inherited, IConfiguration configuration)
    {
        kestrel.AddServerHeader = false;
        RequestFraming.RequireStrict(kestrel);
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        kestrel.Limits.MaxRequestLineSize = options.HeaderBytesMax;
        kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        kestrel.Limits.KeepAliveTimeout = options.KeepAliveTimeout;
        kestrel.Limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        var protocols = configuration.GetValue(ProtocolsKey, HttpProtocols.Http1);
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = protocols;
            endpoint.Use(HalfClosing.Use);
        });
        kestrel.Configure(configuration.GetSection(KestrelSection));
        foreach (var descriptor in inherited.Descriptors)
        {
            kestrel.ListenHandle((ulong)descriptor);
        }

        foreach (var url in options.Listen)
        {
            if (ListenAddress.TryParse(url, out var address))
            {
                Listen(kestrel, address!);
            }
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress listen)
    {
        Action<ListenOptions> endpoint = listen.IsHttps ? UseCertificate : static _ => { };
        if (listen.Address is { } address)
        {
            kestrel.Listen(address, listen.Port, endpoint);
            return;
        }

        // Kestrel refuses localhost:0, because it would get two ports.
        var port = listen.Port == 0 ? FreeLoopbackPort() : listen.Port;
        kestrel.ListenLocalhost(port, endpoint);
    }

    private static void UseCertificate(ListenOptions endpoint)
    {
        try
        {
            endpoint.UseHttps();
        }
        catch (InvalidOperationException)
        {
            throw new StartupException(
                "an https address needs a certificate; Kestrel:Certificates:Default:Path and KeyPath name its files",
                ExitCodes.Usage);
        }
    }

    /// <summary>
    /// A port that is free on both loopback addresses. If another process takes it meanwhile, the start fails.
    /// </summary>
    private static int FreeLoopbackPort()
    {
        while (true)
        {
            using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)first.LocalEndPoint!).Port;
            if (!Socket.OSSupportsIPv6 || IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var second = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            second.Bind(new IPEndPoint(IPAddress.IPv6Loopback, port));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}

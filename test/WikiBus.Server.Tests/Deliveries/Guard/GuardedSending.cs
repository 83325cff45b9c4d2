using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>The sender and all that it needs, over a network of the test.</summary>
internal sealed class GuardedSending : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public GuardedSending(ScriptedNetwork network, DeliveriesOptions? options = null)
    {
        Options = options ?? new DeliveriesOptions();
        Rules = new AddressRules(network, Time);
        Urls = new TargetUrl(Rules);
        Clients = new GuardedClients(
            new GuardedConnector(network, Rules, Options, Time), new TargetCertificates(Options.CaFile), Options, Time);
        Sender = new GuardedSender(Clients, Options, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public DeliveriesOptions Options { get; }

    public AddressRules Rules { get; }

    public TargetUrl Urls { get; }

    public GuardedClients Clients { get; }

    public GuardedSender Sender { get; }

    public async Task<SendResult> PostAsync(
        string url,
        TargetNetworks? networks = null,
        string owner = "one",
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url));
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        return await Sender
            .SendAsync(owner, networks ?? TargetNetworks.None, request, Options.Timeout, cancellationToken)
            .WaitAsync(s_limit, CancellationToken.None);
    }

    public void Dispose() => Clients.Dispose();
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class TargetCertificatesTests : IDisposable
{
    private const string Host = "secure.example";

    private readonly TestAuthority _authority = new("Authority of the intranet");
    private readonly string _caFile = Path.GetTempFileName();

    public TargetCertificatesTests() => File.WriteAllText(_caFile, _authority.Certificate.ExportCertificatePem());

    public void Dispose()
    {
        File.Delete(_caFile);
        _authority.Dispose();
    }

    [Fact]
    public async Task CertificateOfAListedAuthority_IsTrusted()
    {
        using var certificate = _authority.Issue(Host);

        (await SendAsync(certificate)).ShouldBe(new SendResult.Answered(200, null, "ok"));
    }

    [Fact]
    public async Task CertificateThroughAnIntermediateAuthority_IsTrusted()
    {
        using var intermediate = new TestAuthority("Intermediate", _authority);
        using var certificate = intermediate.Issue(Host);

        (await SendAsync(certificate, intermediate.Certificate)).ShouldBeOfType<SendResult.Answered>();
        (await SendAsync(certificate)).ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);
    }

    [Fact]
    public async Task AuthorityThatIsNotListed_IsNotTrusted()
    {
        using var other = new TestAuthority("Authority of the intranet");
        using var certificate = other.Issue(Host);
        using var own = _authority.Issue(Host);

        (await SendAsync(certificate)).ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);
        (await SendAsync(own, caFile: false))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);
    }

    [Fact]
    public async Task CertificateWithAnotherName_IsNotTrusted()
    {
        using var certificate = _authority.Issue("other.example");

        (await SendAsync(certificate)).ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);
    }

    [Fact]
    public async Task CertificateForClients_IsNotTrusted()
    {
        using var certificate = _authority.Issue(Host, purpose: "1.3.6.1.5.5.7.3.2");

        (await SendAsync(certificate)).ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);
    }

    /// <summary>Such a request would go past the guard.</summary>
    [Fact]
    public async Task UrlInACertificate_IsNotFetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var other = new TestAuthority("Unknown");
        using var certificate = other.Issue(Host, $"http://{listener.LocalEndpoint}/issuer.crt");
        var accepted = listener.AcceptSocketAsync(CancellationToken.None).AsTask();
        _ = HangUpAsync(accepted);

        (await SendAsync(certificate)).ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);

        accepted.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task TargetWithoutTls_IsUnreached()
    {
        var network = new ScriptedNetwork(
            static async stream => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()));

        (await SendAsync(network, new DeliveriesOptions()))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Tls);
    }

    [Fact]
    public async Task TargetThatHangsBeforeTls_IsUnreachedInTheTimeToConnect()
    {
        var network = new ScriptedNetwork(static stream => Recipient.ReadRequestAsync(stream));

        (await SendAsync(network, new DeliveriesOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) }))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.ConnectTimeout);
    }

    private static async Task HangUpAsync(Task<Socket> accepted)
    {
        try
        {
            (await accepted).Dispose();
        }
        catch (SocketException)
        {
            // The listener stopped.
        }
    }

    private Task<SendResult> SendAsync(
        X509Certificate2 certificate, X509Certificate2? intermediate = null, bool caFile = true)
    {
        var context = SslStreamCertificateContext.Create(
            certificate, intermediate is null ? null : [intermediate], offline: true);
        return SendAsync(
            new ScriptedNetwork(async stream =>
            {
                await using var tls = new SslStream(stream);
                try
                {
                    await tls.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificateContext = context });
                    await new Recipient().ServeAsync(tls);
                }
                catch (AuthenticationException)
                {
                    // The sender does not trust the certificate.
                }
            }),
            new DeliveriesOptions { CaFile = caFile ? _caFile : null });
    }

    private static async Task<SendResult> SendAsync(ScriptedNetwork network, DeliveriesOptions options)
    {
        network.Name(Host, "8.8.8.8");
        using var sending = new GuardedSending(network, options);
        return await sending.PostAsync($"https://{Host}/");
    }
}

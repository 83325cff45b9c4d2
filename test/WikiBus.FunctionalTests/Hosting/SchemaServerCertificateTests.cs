using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>
/// A certificate may have a URL for its issuer's certificate, and the check waits for that. Other requests do not.
/// </summary>
public sealed class SchemaServerCertificateTests
{
    private const string Event = """{"$schema":"/not/loaded/1.0.0","meta":{"stream":"test.event"}}""";

    [Fact]
    public async Task WhileTheIssuersCertificateDoesNotCome_OthersAreAnswered()
    {
        using var issuer = new TcpListener(IPAddress.Loopback, 0);
        issuer.Start();
        using var schemas = new TcpListener(IPAddress.Loopback, 0);
        schemas.Start();
        await using var server = await RunningServer.StartAsync(
            ("Schemas:Sources:0", $"https://localhost:{PortOf(schemas)}/"));
        using var certificate = IssuedElsewhere($"http://127.0.0.1:{PortOf(issuer)}/issuer.crt");
        var serving = ServeAsync(schemas, certificate);
        var asking = IntakePost.SendAsync(server, Event);
        using var asked = await issuer.AcceptTcpClientAsync(TestTime.Token());
        var request = asked.GetStream();
        await request.ReadExactlyAsync(new byte[4], TestTime.Token());

        // Several connections for each processor.
        for (var count = 0; count < 4 * Environment.ProcessorCount; count++)
        {
            (await IntakePost.GetAsync(server, "/healthz")).Status.ShouldBe(200);
        }

        IsOpen(asked).ShouldBeTrue();
        asked.Close();
        await asking.WaitAsync(TestTime.Limit);
        await serving.WaitAsync(TestTime.Limit);
    }

    private static bool IsOpen(TcpClient client)
    {
        while (client.Available > 0)
        {
            client.GetStream().ReadExactly(new byte[client.Available]);
        }

        return !client.Client.Poll(0, SelectMode.SelectRead);
    }

    /// <summary>The server's side of one handshake; nobody trusts the certificate.</summary>
    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestTime.Token());
        await using var tls = new SslStream(client.GetStream());
        try
        {
            // Otherwise this side would fetch the issuer's certificate, too.
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
                },
                TestTime.Token());
            await tls.ReadAsync(new byte[1], TestTime.Token());
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The client left, since it does not trust the certificate.
        }
    }

    private static X509Certificate2 IssuedElsewhere(string issuerAddress)
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new X500DistinguishedName("CN=issuer.example.org");
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [issuerAddress]));
        using var certificate = request.Create(
            issuer, X509SignatureGenerator.CreateForECDsa(issuerKey), DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(200), [1]);
        return certificate.CopyWithPrivateKey(key);
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}

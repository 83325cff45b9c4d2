using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hosting;

public sealed class TlsTests
{
    [Fact]
    public async Task CertificateOfKestrelsSection_IsPresentedOnHttps()
    {
        using var directory = new TestDirectory();
        using var certificate = SelfMade();
        var (path, keyPath) = await WriteAsync(directory, certificate);
        await using var server = await StartAsync(path, keyPath);
        byte[]? presented = null;
        using var client = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, other, _, _) =>
            {
                presented = other?.RawData;
                return true;
            },
        });

        using var response = await client.GetAsync(new Uri(server.Address, "/healthz"), TestTime.Token());

        server.Address.Scheme.ShouldBe("https");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        presented.ShouldBe(certificate.RawData);
    }

    [Fact]
    public async Task HttpsWithoutCertificate_IsAFaultOfTheConfiguration()
    {
        using var directory = new TestDirectory();

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--data", directory.Combine("data"), "--listen", "https://127.0.0.1:0"]);

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("Kestrel: an https address needs a certificate");
        Directory.Exists(directory.Combine("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task CertificateThatNobodySigned_IsTrustedByTheCommandIfItIsNamed()
    {
        using var directory = new TestDirectory();
        using var certificate = SelfMade();
        var (path, keyPath) = await WriteAsync(directory, certificate);
        await using var server = await StartAsync(path, keyPath);
        string[] streams = ["streams", "--url", $"https://localhost:{server.Address.Port}"];

        var unknown = await WikiBusBinary.RunAsync(streams);
        var named = await WikiBusBinary.RunAsync(streams, environment: ("SSL_CERT_FILE", path));
        var otherName = await WikiBusBinary.RunAsync(
            ["streams", "--url", $"{server.Address}"], environment: ("SSL_CERT_FILE", path));

        unknown.ExitCode.ShouldBe(1);
        unknown.Error.ShouldContain("SSL_CERT_FILE");
        unknown.Error.ShouldNotContain("http://");
        named.ExitCode.ShouldBe(0, named.Error);
        otherName.ExitCode.ShouldBe(1);
        otherName.Error.ShouldContain("The certificate is for another name than --url has.");
    }

    // The second request is in the same TLS record, so it is already here when the log's writer answers the first.
    [Fact]
    public async Task RequestsSentTogether_AreEachBegunInThePool()
    {
        const int count = 20;
        using var directory = new TestDirectory();
        using var certificate = SelfMade();
        var (path, keyPath) = await WriteAsync(directory, certificate);
        var threads = new BeginThreads();
        await using var server = await StartAsync(
            path, keyPath, services => services.AddSingleton<IStartupFilter>(threads));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, TestTime.Token());
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(server.Address.Host);

        var request = $"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {IntakePost.Event.Length}\r\n\r\n{IntakePost.Event}";
        var last = request.Replace("Host: localhost", "Host: localhost\r\nConnection: close", StringComparison.Ordinal);
        var all = string.Concat(Enumerable.Repeat(request, count - 1)) + last;
        await tls.WriteAsync(Encoding.ASCII.GetBytes(all), TestTime.Token());
        using var answers = new StreamReader(tls);
        var text = await answers.ReadToEndAsync(TestTime.Token());

        text.Split("HTTP/1.1 201 ").Length.ShouldBe(count + 1);
        threads.Names.Count.ShouldBe(count);
        threads.Names.ShouldAllBe(name => name == BeginThreads.Pool);
    }

    [Theory]
    [InlineData("Http1", "http/1.1")]
    [InlineData("Http1AndHttp2", "h2")]
    [InlineData(null, "http/1.1")]
    public async Task Http2_IsSpokenOnlyIfConfigured(string? protocols, string spoken)
    {
        using var directory = new TestDirectory();
        using var certificate = SelfMade();
        var (path, keyPath) = await WriteAsync(directory, certificate);
        await using var server = await RunningServer.StartAsync(
            [
                ("Hosting:Listen:0", "https://127.0.0.1:0"), ("Kestrel:Certificates:Default:Path", path),
                ("Kestrel:Certificates:Default:KeyPath", keyPath),
                .. protocols is null ? [] : new[] { ("Kestrel:EndpointDefaults:Protocols", protocols) },
            ]);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, TestTime.Token());
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = server.Address.Host,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            },
            TestTime.Token());

        tls.NegotiatedApplicationProtocol.ToString().ShouldBe(spoken);
    }

    private static Task<RunningServer> StartAsync(
        string certificatePath, string keyPath, Action<IServiceCollection>? seams = null) =>
        RunningServer.StartAsync(
            seams,
            ("Hosting:Listen:0", "https://127.0.0.1:0"),
            ("Kestrel:Certificates:Default:Path", certificatePath),
            ("Kestrel:Certificates:Default:KeyPath", keyPath));

    private static X509Certificate2 SelfMade()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bus.example.org", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    private static async Task<(string Path, string KeyPath)> WriteAsync(
        TestDirectory directory, X509Certificate2 certificate)
    {
        var (path, keyPath) = (directory.Combine("cert.pem"), directory.Combine("key.pem"));
        await File.WriteAllTextAsync(path, certificate.ExportCertificatePem(), TestTime.Token());
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem(), TestTime.Token());
        return (path, keyPath);
    }

    /// <summary>Records the thread in which each request begins.</summary>
    private sealed class BeginThreads : IStartupFilter
    {
        public const string Pool = "the pool";

        public ConcurrentQueue<string> Names { get; } = new();

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.Use((context, rest) =>
            {
                var thread = Thread.CurrentThread;
                Names.Enqueue(thread.IsThreadPoolThread ? Pool : thread.Name ?? "another");
                return rest(context);
            });
            next(application);
        };
    }
}

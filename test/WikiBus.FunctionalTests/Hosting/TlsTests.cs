using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Hosting;

public sealed class TlsTests
{
    [Fact]
    public async Task CertificateOfKestrelsSection_IsPresentedOnHttps()
    {
        using var directory = new TestDirectory();
        using var certificate = SelfMade();
        var (path, keyPath) = await WriteAsync(directory, certificate);
        await using var server = await RunningServer.StartAsync(
            ("Hosting:Listen:0", "https://127.0.0.1:0"),
            ("Kestrel:Certificates:Default:Path", path),
            ("Kestrel:Certificates:Default:KeyPath", keyPath));
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
    public async Task HttpsWithoutCertificate_SaysSoAndExitsWithOne()
    {
        using var directory = new TestDirectory();

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--data", directory.Combine("data"), "--listen", "https://127.0.0.1:0"]);

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("Cannot listen");
        result.Error.ShouldContain("certificate");
    }

    private static X509Certificate2 SelfMade()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bus.example.org", key, HashAlgorithmName.SHA256);
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
}

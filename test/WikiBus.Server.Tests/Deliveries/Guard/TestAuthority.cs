using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>An authority that signs the certificates of a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";


    public TestAuthority(string name, TestAuthority? parent = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Certificate = parent is null
            ? request.CreateSelfSigned(Start, End)
            : Sign(request, parent.Certificate, key);
    }

    public X509Certificate2 Certificate { get; }

    // Certificates are compared with the clock of the machine.
    private static DateTimeOffset Start => TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset End => TimeProvider.System.GetUtcNow().AddDays(1);

    /// <summary>A certificate for a server with this name.</summary>
    /// <param name="host">The name.</param>
    /// <param name="issuerUrl">Where the certificate says that its issuer can be fetched.</param>
    /// <param name="purpose">What it may be used for.</param>
    public X509Certificate2 Issue(string host, string? issuerUrl = null, string purpose = ForServers)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(purpose)], false));
        if (issuerUrl is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerUrl]));
        }

        return Sign(request, Certificate, key);
    }

    public void Dispose() => Certificate.Dispose();

    private static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 issuer, ECDsa key)
    {
        using var signed = request.Create(
            issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}

using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// How the certificates of targets are checked: by the authorities of the system, or by those of a file beside them.
/// The name in the certificate is always checked.
/// </summary>
internal sealed class TargetCertificates
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <param name="caFile">A file that passed the check of the options; null: only the system's authorities.</param>
    public TargetCertificates(string? caFile)
    {
        if (caFile is not null)
        {
            _authorities.ImportFromPemFile(caFile);
        }
    }

    public SslClientAuthenticationOptions ToSslOptions() => new()
    {
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors
                && certificate is X509Certificate2 leaf
                && chain is not null
                && IsSignedByOwnAuthority(leaf, chain.ChainPolicy.ExtraStore)),
    };

    private bool IsSignedByOwnAuthority(X509Certificate2 leaf, X509Certificate2Collection presented)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1")); // for servers of TLS
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.ExtraStore.AddRange(presented);
        return _authorities.Count > 0 && chain.Build(leaf);
    }

    // A certificate may name URLs of its issuer and of lists of revoked ones. A fetch from them would be a request that
    // the guard does not see, to a URL that the target chose.
    private static X509ChainPolicy Policy() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };
}

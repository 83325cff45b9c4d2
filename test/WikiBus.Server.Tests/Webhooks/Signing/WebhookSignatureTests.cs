using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Tests.Webhooks.Signing;

public sealed class WebhookSignatureTests
{
    private const string Body = "{\"type\": \"wiki.page\", \"title\": \"Käse 🧀\"}";

    /// <summary>The test vector of the official libraries.</summary>
    [Fact]
    public void VectorOfTheLibraries_HasItsSignature()
    {
        var secret = Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        var header = WebhookSignature.Sign(
            [secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8);

        header.ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void SignedRequest_VerifiesWithThePackageForReceivers()
    {
        var secret = SigningSecret.Create();

        new StandardWebhook(secret.ToText()).Verify(Body, Headers([secret]));
    }

    /// <summary>The package never looks at the last of several signatures, so it gets them one by one.</summary>
    [Fact]
    public void TwoSecrets_SignInTheirOrder()
    {
        SigningSecret[] secrets = [SigningSecret.Create(), SigningSecret.Create()];
        var headers = Headers(secrets);
        var signatures = headers["webhook-signature"].ToString().Split(' ');

        signatures.Length.ShouldBe(2);
        foreach (var (secret, signature) in secrets.Zip(signatures))
        {
            headers["webhook-signature"] = signature;
            new StandardWebhook(secret.ToText()).Verify(Body, headers);
        }
    }

    [Fact]
    public void OtherKeyOrOtherBody_DoesNotVerify()
    {
        var secret = SigningSecret.Create();
        var headers = Headers([secret]);

        Should.Throw<WebhookVerificationException>(
            () => new StandardWebhook(SigningSecret.Create().ToText()).Verify(Body, headers));
        Should.Throw<WebhookVerificationException>(
            () => new StandardWebhook(secret.ToText()).Verify(Body + " ", headers));
    }

    [Fact]
    public void IdWithFullStop_IsRefused() => Should.Throw<ArgumentException>(
        () => WebhookSignature.Sign([SigningSecret.Create()], "1.2", 1614265330, "{}"u8));

    // The package compares the time with the clock of the machine.
    private static HeaderDictionary Headers(SigningSecret[] secrets)
    {
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new HeaderDictionary
        {
            ["webhook-id"] = "log-17-1",
            ["webhook-timestamp"] = seconds.ToString(CultureInfo.InvariantCulture),
            ["webhook-signature"] = WebhookSignature.Sign(
                secrets, "log-17-1", seconds, Encoding.UTF8.GetBytes(Body)),
        };
    }

    private static SigningSecret Parse(string text) =>
        SigningSecret.TryParse(text, out var secret, out var fault) ? secret : throw new FormatException(fault);
}

using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Tests.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Settings;

public sealed class DeliveriesOptionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Defaults_HaveNoFault() => Faults(new DeliveriesOptions()).ShouldBeEmpty();

    [Fact]
    public void Networks_AreCheckedOneByOne() => Faults(new DeliveriesOptions
    {
        AllowedNetworks = ["10.0.0.0/8", "fd00::/8", "10.1.2.3", "10", "wiki", "10.0.0.0/33"],
    }).Count.ShouldBe(3);

    [Fact]
    public void FileWithCertificates_IsAccepted()
    {
        using var authority = new TestAuthority("Any");
        File.WriteAllText(_file, "A comment.\n" + authority.Certificate.ExportCertificatePem());

        Faults(new DeliveriesOptions { CaFile = _file }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void FileWithoutCertificates_IsAFault(string text)
    {
        File.WriteAllText(_file, text);

        Faults(new DeliveriesOptions { CaFile = _file }).ShouldHaveSingleItem().ShouldBe("Deliveries:CaFile");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere/ca.pem")]
    [InlineData("/")]
    public void FileThatCannotBeRead_IsAFault(string path) =>
        Faults(new DeliveriesOptions { CaFile = path }).ShouldHaveSingleItem().ShouldBe("Deliveries:CaFile");

    private static List<string> Faults(DeliveriesOptions options) =>
        [.. options.Validate().Select(static fault => fault.Key)];
}

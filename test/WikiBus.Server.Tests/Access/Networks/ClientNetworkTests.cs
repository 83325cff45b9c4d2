using System.Net;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Tests.Access.Networks;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:0:1::5", "2001:db8:0:1::")]
    [InlineData("2001:db8:0:1:ffff::6", "2001:db8:0:1::")]
    [InlineData("2001:db8:0:2::5", "2001:db8:0:2::")]
    public void AddressesOfOneIpv6Network_CountTogether(string address, string network) =>
        ClientNetwork.Of(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(network));
}

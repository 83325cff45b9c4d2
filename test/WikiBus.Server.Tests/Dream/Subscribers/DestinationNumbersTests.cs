using WikiBus.Server.Dream.Subscribers;

namespace WikiBus.Server.Tests.Dream.Subscribers;

public sealed class DestinationNumbersTests
{
    [Theory]
    [InlineData("", "a b", "1=a 2=b")]
    [InlineData("1=a 2=b", "b a", "1=a 2=b")]
    [InlineData("1=a", "c", "1=c")]
    [InlineData("1=a 2=b", "b c d", "1=c 2=b 3=d")]
    [InlineData("1=a 2=b 3=c", "c", "3=c")]
    [InlineData("3=c", "c d", "1=d 3=c")]
    [InlineData("1=a", "", "")]
    [InlineData("1=a", "A a A", "1=a 2=A")]
    public void Destinations_KeepTheirNumbersOrTakeThoseThatAreFree(string before, string uris, string after)
    {
        var numbers = before.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(static entry => entry[0] - '0', static entry => entry[2..]);
        var assigned = DestinationNumbers.Assign(numbers, uris.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string.Join(' ', assigned.Select(static entry => $"{entry.Key}={entry.Value}")).ShouldBe(after);
    }
}

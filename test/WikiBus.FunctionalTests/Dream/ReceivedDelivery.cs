using System.Globalization;
using System.Text;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>A request that came to a recipient.</summary>
internal sealed record ReceivedDelivery(
    string Recipient, string Path, string Query, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>The values of a header, joined with commas.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(static header => header.Value).ToList();
        return values.Count > 0 ? string.Join(',', values) : null;
    }

    public override string ToString()
    {
        var events = Headers.Where(static header => header.Name is "Cookie" or "Content-Type"
            || header.Name.StartsWith("X-Dream-", StringComparison.OrdinalIgnoreCase));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Recipient} {Path}?{Query} {string.Join("; ", events)} {Encoding.UTF8.GetString(Body)}");
    }
}

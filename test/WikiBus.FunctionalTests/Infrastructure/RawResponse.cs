using System.Text;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A response as it came over the wire.</summary>
internal sealed record RawResponse(int Status, string Reason, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

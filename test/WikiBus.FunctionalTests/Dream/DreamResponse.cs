namespace WikiBus.FunctionalTests.Dream;

/// <summary>A recorded answer.</summary>
internal sealed record DreamResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string? Header(string name) => Headers
        .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(static header => header.Value).FirstOrDefault();
}

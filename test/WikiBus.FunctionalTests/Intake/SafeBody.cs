using System.Text.Json;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>
/// The bodies that MediaWiki's producer can read: empty, or a JSON object whose members are lists of objects with an
/// object <c>event</c>. Anything else makes it crash.
/// </summary>
internal static class SafeBody
{
    /// <summary>PHP does not read a body that is nested deeper.</summary>
    private const int NestingMax = 512;

    /// <summary>The fault of a body; null: none.</summary>
    public static string? Fault(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = NestingMax });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return "no object";
        }

        foreach (var list in document.RootElement.EnumerateObject())
        {
            if (list.Value.ValueKind != JsonValueKind.Array)
            {
                return $"{list.Name} is no list";
            }

            foreach (var item in list.Value.EnumerateArray())
            {
                if (!item.TryGetProperty("event", out var shown) || shown.ValueKind != JsonValueKind.Object)
                {
                    return $"an event in {list.Name} is no object";
                }
            }
        }

        return null;
    }
}

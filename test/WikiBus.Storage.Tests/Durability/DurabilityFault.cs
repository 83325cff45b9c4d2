using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>The storage broke a promise, which is what the suites look for.</summary>
internal sealed class DurabilityFault(string message) : Exception(message)
{
    public static void Unless([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds)
        {
            throw new DurabilityFault(message);
        }
    }
}

using System.Text;

namespace WikiBus.Json.Tests;

/// <summary>Reads JSON in one call.</summary>
internal static class TestTape
{
    public static JsonTapeValue Parse(string text)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(text),
            out var fault).ShouldBeTrue($"{fault.Message} at {fault.Offset}: {text}");
        return tape.Root;
    }
}

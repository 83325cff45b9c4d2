using System.Text;
using System.Text.Json;

namespace WikiBus.Json.Tests;

/// <summary>The tape accepts and refuses the same texts as System.Text.Json, and reads the same values.</summary>
public sealed class JsonTapeFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public async Task RandomTexts_AreReadAsByTheFramework()
    {
        var fuzzer = Fuzzer.FromEnvironment();
        var tape = new JsonTape();
        var accepted = 0;
        await fuzzer.RunAsync(random =>
        {
            var json = new RandomJson(random);
            var text = json.Value();
            accepted += Compare(tape, random.OneIn(2) ? text : json.Mutate(text)) ? 1 : 0;
        });
        output.WriteLine($"{accepted} texts were JSON");
        if (fuzzer.IsWhole)
        {
            accepted.ShouldBeInRange(fuzzer.Cases / 2, fuzzer.Cases - (fuzzer.Cases / 10));
        }
    }

    private static bool Compare(JsonTape tape, string text)
    {
        // UTF-8 has no lone surrogate; an escape can be one.
        var bytes = Encoding.UTF8.GetBytes(text);
        var isRead = tape.TryParse(bytes, out var fault);
        var expected = Read(bytes);
        isRead.ShouldBe(expected is not null, $"{fault.Message}: {text}");
        if (expected is null)
        {
            fault.Offset.ShouldBeInRange(0, bytes.Length, text);
            return false;
        }
        Compare(tape.Root, expected.RootElement, text);
        tape.Root.End.ShouldBe(bytes.AsSpan().TrimEnd(" \r\n\t"u8).Length, text);
        expected.Dispose();
        return true;
    }

    private static JsonDocument? Read(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Compare(JsonTapeValue node, JsonElement element, string text)
    {
        Encoding.UTF8.GetString(node.Raw).ShouldBe(element.GetRawText(), text);
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                node.Kind.ShouldBe(JsonKind.Array);
                node.Count.ShouldBe(element.GetArrayLength(), text);
                var elements = node.GetEnumerator();
                foreach (var item in element.EnumerateArray())
                {
                    elements.MoveNext().ShouldBeTrue(text);
                    Compare(elements.Current, item, text);
                }
                break;
            case JsonValueKind.Object:
                node.Kind.ShouldBe(JsonKind.Object);
                var members = node.GetEnumerator();
                foreach (var property in element.EnumerateObject())
                {
                    members.MoveNext().ShouldBeTrue(text);
                    Compare(members.Current, property.Value, text);
                    if (text.Contains("\\u", StringComparison.Ordinal))
                    {
                        continue;
                    }

                    members.Name.GetString().ShouldBe(property.Name, text);
                    node[Encoding.UTF8.GetBytes(property.Name)].Raw.SequenceEqual(
                        Encoding.UTF8.GetBytes(element.GetProperty(property.Name).GetRawText())).ShouldBeTrue(text);
                }
                break;
            case JsonValueKind.String when !text.Contains("\\ud", StringComparison.OrdinalIgnoreCase):
                node.GetString().ShouldBe(element.GetString(), text);
                break;
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WikiBus.Server.Webhooks.Definitions;

/// <summary>Reads a text, or a whole number as its digits.</summary>
internal sealed class TextOrNumberConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()
        : reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
        : throw new JsonException("a text or a whole number is allowed");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

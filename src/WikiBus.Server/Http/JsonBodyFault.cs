using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WikiBus.Server.Http;

/// <summary>Says what is wrong with a JSON body: which member, and what is allowed there.</summary>
internal static class JsonBodyFault
{
    /// <summary>A sentence for the caller. It has the name of a member, and no value.</summary>
    /// <param name="exception">What reading the body has thrown.</param>
    /// <param name="type">What was read.</param>
    public static string Of(JsonException exception, JsonTypeInfo type)
    {
        // The reader's own exception means that the text is no JSON at all.
        if (exception.InnerException is JsonException)
        {
            return $"The body is no JSON: the fault is in line {exception.LineNumber + 1}, "
                + $"at byte {exception.BytePositionInLine + 1}.";
        }

        if (MemberOf(exception.Path) is not { Length: > 0 } name)
        {
            return "The body has to be a JSON object.";
        }

        var member = type.Properties.FirstOrDefault(property => property.Name == name);
        return member is null
            ? $"{Echo.OnOneLine(name)}: there is no such member; "
                + $"{string.Join(", ", type.Properties.Select(static property => property.Name))} are allowed."
            : exception.Message.StartsWith("Duplicate", StringComparison.Ordinal) ? $"{name}: a name is there twice."
            : member.CustomConverter is not null ? $"{name}: {exception.Message}."
            : $"{name}: {AllowedIn(member.PropertyType)} is allowed.";
    }

    /// <summary>The first name in <c>$.name[0]</c> or <c>$['a name']</c>.</summary>
    private static string? MemberOf(string? path) =>
        path is null ? null
        : path.StartsWith("$['", StringComparison.Ordinal) ? path[3..].Split("']")[0]
        : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..].Split('.', '[')[0]
        : null;

    private static string AllowedIn(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(int?) ? "a whole number"
        : type == typeof(double?) ? "a number"
        : typeof(IEnumerable<string>).IsAssignableFrom(type) ? "a list of texts"
        : "an object of texts";
}

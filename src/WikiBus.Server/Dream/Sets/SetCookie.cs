using System.Text.Json.Serialization;

namespace WikiBus.Server.Dream.Sets;

/// <summary>A <c>&lt;set-cookie&gt;</c> of a subscription. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Uri">Where it is sent: to this host and port, at and below this path; null: nowhere.</param>
/// <param name="Expires">From when on it is not sent; null: never.</param>
/// <param name="Version">Its attribute <c>version</c>; null: none.</param>
/// <param name="Xml">The whole element, as a set shows it.</param>
internal sealed record SetCookie(
    string Name, string Value, string? Uri, DateTimeOffset? Expires, int? Version,
    [property: JsonIgnore] string Xml = "");

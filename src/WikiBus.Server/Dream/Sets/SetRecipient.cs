using System.Text.Json.Serialization;

namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// A recipient of a subscription. Dream compares recipients by the text of their URI alone. Immutable.
/// </summary>
/// <param name="Uri">Its URI.</param>
/// <param name="AuthToken">Its attribute <c>authtoken</c>; null: none.</param>
/// <param name="UserId">Its attribute <c>userid</c>, which may be no number; null: none.</param>
/// <param name="Xml">The whole element, with everything that Dream does not know.</param>
internal sealed record SetRecipient(
    string Uri, string? AuthToken, string? UserId, [property: JsonIgnore] string Xml = "");

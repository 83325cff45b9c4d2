using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>
/// Ids of wikis, as published documents name them. An id goes into a header beside the master key, so a publisher must
/// not be able to end the header with it. An event with any other id is one of no wiki.
/// </summary>
internal static class WikiId
{
    /// <summary>Most characters of an id.</summary>
    public const int LengthMax = 128;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Is it an id of ASCII letters, digits, and <c>-._</c>?</summary>
    public static bool IsValid([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= LengthMax } && !id.AsSpan().ContainsAnyExcept(s_allowed);
}

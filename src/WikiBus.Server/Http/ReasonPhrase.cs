using Microsoft.AspNetCore.Http.Features;

namespace WikiBus.Server.Http;

/// <summary>Reason phrases that carry a message, as EventGate's do.</summary>
internal static class ReasonPhrase
{
    /// <summary>Longer ones are cut: clients and proxies limit the status line.</summary>
    public const int LengthMax = 200;

    /// <summary>Sets the status and its phrase. HTTP/2 has no phrases; there this sets the status only.</summary>
    public static void Set(HttpResponse response, int status, string phrase)
    {
        response.StatusCode = status;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = Clean(phrase);
        }
    }

    /// <summary>
    /// The phrase with only the characters that a status line may have: 0x20 to 0x7E. Every other one becomes a '?',
    /// since a control character would end the line.
    /// </summary>
    public static string Clean(string phrase)
    {
        var length = Math.Min(phrase.Length, LengthMax);
        return phrase.Length == length && !phrase.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? phrase
            : string.Create(length, phrase, static (target, source) =>
            {
                for (var index = 0; index < target.Length; index++)
                {
                    target[index] = source[index] is >= ' ' and <= '~' ? source[index] : '?';
                }
            });
    }
}

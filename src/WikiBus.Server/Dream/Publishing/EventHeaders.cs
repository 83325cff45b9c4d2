using System.Diagnostics.CodeAnalysis;
using System.Text;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Publishing;

/// <summary>The headers of an event that is published. Immutable.</summary>
/// <param name="Id">Its id; null: none was given.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Resource">Its resource; null: none.</param>
/// <param name="Origins">Where it comes from, at least one.</param>
/// <param name="Recipients">Who it is for; none: everybody.</param>
/// <param name="Vias">The services that it has passed, in order.</param>
internal sealed record EventHeaders(
    string? Id, DreamUri Channel, string? Resource, IReadOnlyList<string> Origins, IReadOnlyList<string> Recipients,
    IReadOnlyList<DreamUri> Vias)
{
    private const string NoOrigin = "message must specify at least one DreamEventOrigin header";
    private const string NoChannel = "message must have exactly one DreamEventChannel header";

    /// <summary>
    /// Reads the headers. Several values may be on several lines, or on one and separated by commas. What follows a
    /// comma and is no URI belongs to the URI before it.
    /// </summary>
    /// <remarks>Source: <c>DispatcherEvent</c> of Dream 2.2: the order of the checks, and the texts.</remarks>
    public static bool TryRead(
        IHeaderDictionary headers, [NotNullWhen(true)] out EventHeaders? read, [NotNullWhen(false)] out string? fault)
    {
        read = null;
        var origins = ValuesOf(headers, "X-Dream-Event-Origin-Uri");
        var channelText = FirstOf(headers, "X-Dream-Event-Channel");
        var resource = FirstOf(headers, "X-Dream-Event-Resource-Uri");
        var recipients = ValuesOf(headers, "X-Dream-Event-Recipient-Uri");
        var vias = ValuesOf(headers, "X-Dream-Event-Via-Uri");
        if (origins.Count == 0)
        {
            fault = NoOrigin;
            return false;
        }

        if (channelText is null)
        {
            fault = NoChannel;
            return false;
        }

        string[] all =
        [
            channelText, .. resource is null ? (string[])[] : [resource], .. recipients, .. vias, .. origins,
        ];
        var wrong = all.FirstOrDefault(static text => !DreamUri.TryParse(text, out _));
        if (wrong is not null || !DreamUri.TryParse(channelText, out var channel))
        {
            fault = $"invalid uri syntax: {wrong}";
            return false;
        }

        fault = null;
        read = new EventHeaders(
            FirstOf(headers, "X-Dream-Event-Id"), channel, resource, origins, recipients,
            [.. vias.Select(static via => DreamUri.TryParse(via, out var uri) ? uri : null).OfType<DreamUri>()]);
        return true;
    }

    private static string? FirstOf(IHeaderDictionary headers, string name) =>
        headers[name].FirstOrDefault(static value => !string.IsNullOrEmpty(value));

    private static List<string> ValuesOf(IHeaderDictionary headers, string name)
    {
        var values = new List<string>();
        foreach (var line in headers[name].OfType<string>())
        {
            var value = new StringBuilder();
            foreach (var part in line.Split(',').Select(static part => part.Trim()))
            {
                var isNext = DreamUri.TryParse(part, out _);
                if (isNext && value.Length > 0)
                {
                    values.Add(value.ToString());
                    value.Clear();
                }

                value.Append(value.Length > 0 ? "," : "").Append(part);
            }

            if (value.Length > 0)
            {
                values.Add(value.ToString());
            }
        }

        return values;
    }
}

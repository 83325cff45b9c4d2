namespace WikiBus.Producer;

/// <summary>The settings of one recipient of events.</summary>
public sealed class DekiRecipientOptions
{
    /// <summary>
    /// A secret that deliveries must have; null if everybody may deliver. The subscription set gives it to Dream: as
    /// the query parameter <c>apikey</c> of the recipient's URI, or as a <c>set-cookie</c> with the name
    /// <c>service-key</c>. It consists of visible ASCII characters except <c>" , ; \</c>.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>The longest body that is accepted, in bytes; 1 MiB by default.</summary>
    public int BodyBytesMax { get; set; } = 1 << 20;
}

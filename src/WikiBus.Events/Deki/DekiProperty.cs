using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>A property of a page, a file, a user or the site.</summary>
public sealed record DekiProperty
{
    /// <summary>Its name, as <c>urn:custom.mindtouch.com#color</c>.</summary>
    public required string Name { get; init => field = Check.Text(value, nameof(Name)); }

    /// <summary>
    /// The type of its content, as <c>text/plain; charset=utf-8</c>. Without a charset, texts are read as ASCII.
    /// </summary>
    public required string MimeType { get; init => field = MediaType.Parse(value, nameof(MimeType)).Text; }

    /// <summary>Its content, as it is stored. Events have the texts that are shorter than 256 bytes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}

namespace WikiBus.Server.Streaming.Pages;

/// <summary>One record in an <see cref="EventPage"/>: what decides who gets it, and where its bytes are.</summary>
internal readonly struct PageEntry
{
    public required long Position { get; init; }

    public required long Offset { get; init; }

    public required long TimeMs { get; init; }

    public required string Stream { get; init; }

    /// <summary>First byte of the event in the page, <c>event: message</c>.</summary>
    public required int Start { get; init; }

    /// <summary>First byte of the JSON text in the event.</summary>
    public required int DataStart { get; init; }

    /// <summary>The byte after the event, which ends with two line feeds.</summary>
    public required int End { get; init; }

    /// <summary>Where the record's channel, and its wiki after it, begin in <see cref="EventPage.Heads"/>.</summary>
    public required int HeadStart { get; init; }

    public required int ChannelLength { get; init; }

    public required int WikiLength { get; init; }

    /// <summary>A canary event, which readers get only on request.</summary>
    public required bool IsCanary { get; init; }

    /// <summary>A signed event, whose JSON text does not name its place.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>What the event begins with.</summary>
    public static ReadOnlySpan<byte> BeforeId => "event: message\nid: "u8;

    /// <summary>What is between the id and the JSON text.</summary>
    public static ReadOnlySpan<byte> BeforeData => "\ndata: "u8;

    /// <summary>The id's bytes, a JSON text.</summary>
    public Range Id => (Start + BeforeId.Length)..(DataStart - BeforeData.Length);

    /// <summary>The JSON text's bytes.</summary>
    public Range Data => DataStart..(End - 2);
}

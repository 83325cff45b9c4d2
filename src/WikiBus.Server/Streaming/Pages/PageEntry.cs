namespace WikiBus.Server.Streaming.Pages;

/// <summary>One record in a <see cref="EventPage"/>: what decides who gets it, and where its bytes stand.</summary>
internal readonly struct PageEntry
{
    public required long Position { get; init; }

    public required long Offset { get; init; }

    public required long TimeMs { get; init; }

    public required string Stream { get; init; }

    /// <summary>First byte of the frame, <c>event: message</c>.</summary>
    public required int Start { get; init; }

    /// <summary>First byte of the JSON text in the frame.</summary>
    public required int DataStart { get; init; }

    /// <summary>The byte after the frame, which ends with two line feeds.</summary>
    public required int End { get; init; }

    /// <summary>Where the record's channel, and after it its wiki, stand in <see cref="EventPage.Heads"/>.</summary>
    public required int HeadStart { get; init; }

    public required int ChannelLength { get; init; }

    public required int WikiLength { get; init; }

    /// <summary>Made to try out the pipeline (its domain is <c>canary</c>): dropped unless asked for.</summary>
    public required bool IsCanary { get; init; }

    /// <summary>The JSON text's bytes.</summary>
    public Range Data => DataStart..(End - 2);
}

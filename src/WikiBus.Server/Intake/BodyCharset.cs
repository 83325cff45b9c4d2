namespace WikiBus.Server.Intake;

/// <summary>How the characters of a body are encoded.</summary>
internal enum BodyCharset
{
    Utf8,

    /// <summary>
    /// The byte order mark tells the order; without one it is as the first character, ASCII, must be.
    /// </summary>
    Utf16,
    Utf16LittleEndian,
    Utf16BigEndian,
    Unknown,
}

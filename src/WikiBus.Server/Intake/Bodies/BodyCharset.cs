namespace WikiBus.Server.Intake.Bodies;

/// <summary>How the characters of a body are encoded.</summary>
internal enum BodyCharset
{
    Utf8,

    /// <summary>
    /// The byte order mark says the order of bytes; without one the first character, which is ASCII, shows it.
    /// </summary>
    Utf16,
    Utf16LittleEndian,
    Utf16BigEndian,
    Unknown,
}

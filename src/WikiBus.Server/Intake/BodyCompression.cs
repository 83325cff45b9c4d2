namespace WikiBus.Server.Intake;

/// <summary>The content codings of bodies.</summary>
internal enum BodyCompression
{
    None,
    Gzip,

    /// <summary>zlib, as HTTP means by "deflate".</summary>
    Deflate,
    Brotli,
    Unknown,
}

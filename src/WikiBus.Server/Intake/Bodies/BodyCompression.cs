namespace WikiBus.Server.Intake.Bodies;

/// <summary>The content codings of bodies.</summary>
internal enum BodyCompression
{
    None,
    Gzip,

    /// <summary>zlib: HTTP calls it "deflate".</summary>
    Deflate,
    Brotli,
    Unknown,
}

namespace WikiBus.Events.Deki.Dream;

/// <summary>Encodes parts of URIs as the library Dream, which Deki is built on: a blank becomes <c>+</c>.</summary>
internal static class UriEncoding
{
    private const string SegmentCharacters = "'()*-._!@^";
    private const string QueryCharacters = SegmentCharacters + "/:~$,;|";

    public static string Segment(string text) => PercentEncoding.Encode(text, SegmentCharacters);

    public static string Query(string text) => PercentEncoding.Encode(text, QueryCharacters);

    /// <summary>Encodes a segment twice, so that it survives one decoding.</summary>
    public static string SegmentTwice(string text) =>
        Segment(text).Replace("%", "%25", StringComparison.Ordinal).Replace("+", "%2b", StringComparison.Ordinal);
}

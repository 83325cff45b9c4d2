namespace WikiBus.Events.Tests.Deki;

/// <summary>A recorded call for which the builders do something else than Deki's change sink.</summary>
/// <param name="Line">The line of the recording, from 1.</param>
/// <param name="Reason">Why.</param>
/// <param name="Parameter">The parameter that the argument exception names; null if there is none.</param>
/// <param name="Recorded">What the builders write differently.</param>
/// <param name="Built">What they write instead.</param>
internal sealed record KnownDifference(
    int Line, string Reason, string? Parameter, string Recorded = "", string Built = "")
{
    private const string NoId = "An id is at least 1: nothing in the wiki has the id 0.";
    private const string NoTitle = "Only the home page and its talk page have an empty title.";
    private const string NotXml = "A character that XML forbids becomes U+FFFD, so that the document is well-formed.";
    private const string NoPageOfFile = "Each file has a page. The sink throws, and the wiki's request fails.";
    private const string NoOwner = "A property's file exists and has a page. The sink loses the event.";

    /// <summary>The calls that build something else, or that are refused although the sink makes an event.</summary>
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new(78, NoId, "Id"),
        new(82, NoId, "Id"),
        new(128, NoTitle, "page"),
        new(131, NoTitle, "page"),
        new(132, NoTitle, "page"),
        new(133, NoTitle, "page"),
        new(294, NotXml, null, "bell&#x7;", "bell\uFFFD"),
        new(304, "A comment has a content. The sink loses the comment's own event.", "Content"),
        new(309, "A comment is on its page.", null, "/pages/99/", "/pages/42/"),
        new(354, NoId, "Id"),
        new(383, NoOwner, "file"),
        new(384, NoOwner, "PageId"),
        new(386, NoId, "id"),
        new(406, NoOwner, "PageId"),
        new(428, NoOwner, "file"),
        new(429, NoOwner, "PageId"),
        new(431, NoId, "id"),
        new(454, NotXml, null, "bell&#x7;", "bell\uFFFD"),
        new(522, NoId, "Id"),
        new(523, "A base URI without a path means the root. The sink loses the event.", null),
    ];

    /// <summary>The calls in which the sink throws, too.</summary>
    public static IReadOnlyList<KnownDifference> Thrown { get; } =
    [
        new(328, NoPageOfFile, "PageId"),
        new(338, NoPageOfFile, "PageId"),
        new(348, NoPageOfFile, "PageId"),
        new(364, NoPageOfFile, "PageId"),
    ];
}

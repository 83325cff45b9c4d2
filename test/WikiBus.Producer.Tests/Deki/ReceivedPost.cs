namespace WikiBus.Producer.Tests.Deki;

/// <summary>A request as the stub of Dream got it; the headers are those of events, and the cookies.</summary>
internal sealed record ReceivedPost(string ContentType, IReadOnlyList<string> Headers, string Body);

using System.Globalization;
using System.Text;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// A request of a writer: events with ids by which the test finds them in the log.
/// </summary>
internal sealed class PostedRequest
{
    private PostedRequest(int writer, int number, IReadOnlyList<string> ids)
    {
        Writer = writer;
        Number = number;
        Ids = ids;
    }

    public int Writer { get; }

    public int Number { get; }

    /// <summary>The ids of its events, in order.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Whether the server said that it is stored.</summary>
    public bool IsAcknowledged { get; set; }

    public static PostedRequest Create(Random random, int writer, int number)
    {
        var ids = new string[random.Next(1, 11)];
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < ids.Length; i++)
        {
            random.NextBytes(bytes);
            ids[i] = new Guid(bytes).ToString();
        }

        return new PostedRequest(writer, number, ids);
    }

    public HttpContent ToContent()
    {
        var events = Ids.Select((id, index) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"{{id}}"},
             "test":"{{Writer}}/{{Number}}/{{index}}"}
            """));
        return new StringContent($"[{string.Join(',', events)}]", Encoding.UTF8, "application/json");
    }

    public override string ToString() => $"request {Number} of writer {Writer}";
}

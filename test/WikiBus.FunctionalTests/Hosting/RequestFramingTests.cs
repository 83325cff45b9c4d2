using System.Text;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>
/// Requests whose end a proxy could see in another place: they are refused, and the connection ends. The last line
/// feeds, spaces and signs of these cases are all that differs from a good request.
/// </summary>
public sealed class RequestFramingTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Post = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private const string Empty = "Content-Length: 0\r\n\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    private static readonly string s_event = IntakePost.Event;
    private static readonly int s_length = IntakePost.Event.Length;
    private static readonly string s_chunks = $"{s_length:x}\r\n{s_event}\r\n0\r\n\r\n";

    public static TheoryData<string, string> Uncertain { get; } = new()
    {
        { "length with a sign", Post + $"Content-Length: +{s_length}\r\n\r\n{s_event}" },
        { "length zero with a sign", Post + "Content-Length: -0\r\n\r\n" },
        { "length after a vertical tab", Post + $"Content-Length: \v{s_length}\r\n\r\n{s_event}" },
        { "length before a form feed", Post + $"Content-Length: {s_length}\f\r\n\r\n{s_event}" },
        { "length in hexadecimal", Post + $"Content-Length: 0x{s_length:x}\r\n\r\n{s_event}" },
        { "lengths in a list", Post + $"Content-Length: {s_length}, {s_length}\r\n\r\n{s_event}" },
        { "length twice", Post + $"Content-Length: {s_length}\r\nContent-Length: {s_length}\r\n\r\n{s_event}" },
        { "length on the next line", Post + $"Content-Length:\r\n {s_length}\r\n\r\n{s_event}" },
        { "length, then blank, colon", Post + $"Content-Length : {s_length}\r\n\r\n{s_event}" },
        { "length and coding", Post + $"Content-Length: {s_chunks.Length}\r\n{Chunked}\r\n{s_chunks}" },
        { "coding and length", Post + $"{Chunked}Content-Length: 3\r\n\r\n{s_chunks}" },
        { "three kinds of length", Post + $"X-Content-Length: 1\r\nContent-Length: 3\r\n{Chunked}\r\n{s_chunks}" },
        { "coding twice", Post + $"{Chunked}{Chunked}\r\n{s_chunks}" },
        { "coding twice in a list", Post + $"Transfer-Encoding: chunked, chunked\r\n\r\n{s_chunks}" },
        { "coding in an unfinished list", Post + $"Transfer-Encoding: chunked,\r\n\r\n{s_chunks}" },
        { "codings, identity last", Post + $"Transfer-Encoding: chunked, identity\r\n\r\n{s_chunks}" },
        { "codings, identity first", Post + $"Transfer-Encoding: identity, chunked\r\n\r\n{s_chunks}" },
        { "codings, gzip first", Post + $"Transfer-Encoding: gzip, chunked\r\n\r\n{s_chunks}" },
        { "coding that is none", Post + $"Transfer-Encoding: xchunked\r\n\r\n{s_chunks}" },
        { "empty coding and length", Post + $"Transfer-Encoding:\r\nContent-Length: {s_length}\r\n\r\n{s_event}" },
        { "coding of HTTP/1.0", Post.Replace("1.1", "1.0", StringComparison.Ordinal) + $"{Chunked}\r\n{s_chunks}" },
        { "coding on another route", $"PUT /nothing HTTP/1.1\r\nHost: localhost\r\n{Chunked}{Chunked}\r\n{s_chunks}" },
        { "line feed after the line", Post.Replace("1.1\r", "1.1", StringComparison.Ordinal) + Empty },
        { "line feed after a header", Post + $"X: y\nContent-Length: {s_length}\r\n\r\n{s_event}" },
        { "line feed after the headers", Post + $"Content-Length: {s_length}\r\n\n{s_event}" },
        { "line feeds after the headers", Post + $"Content-Length: {s_length}\n\n{s_event}" },
        { "line feed after a chunk's size", Post + $"{Chunked}\r\n{s_length:x}\n{s_event}\r\n0\r\n\r\n" },
        { "line feed in an extension", Post + $"{Chunked}\r\n{s_length:x};a\nb\r\n{s_event}\r\n0\r\n\r\n" },
        { "line feed after a chunk", Post + $"{Chunked}\r\n{s_length:x}\r\n{s_event}\n0\r\n\r\n" },
        { "line feed after a trailer", Post + $"{Chunked}\r\n{s_length:x}\r\n{s_event}\r\n0\r\nA: b\n\r\n" },
        { "size with a sign", Post + $"{Chunked}\r\n+{s_chunks}" },
        { "size with a prefix", Post + $"{Chunked}\r\n0x{s_chunks}" },
        { "size after a blank", Post + $"{Chunked}\r\n {s_chunks}" },
        { "size before a blank", Post + $"{Chunked}\r\n{s_length:x} \r\n{s_event}\r\n0\r\n\r\n" },
        { "size that overflows", Post + $"{Chunked}\r\n10000000000000000{s_chunks}" },
    };

    [Theory]
    [MemberData(nameof(Uncertain))]
    public async Task RequestWithoutACertainEnd_IsRefused(string what, string request)
    {
        var stored = StoredRecords.Read(fixture.Server).Count;
        using var http = await RawHttp.ConnectAsync(fixture.Server.Address);
        await http.WriteAsync(Encoding.Latin1.GetBytes(request));

        (await http.ReadResponseAsync()).Status.ShouldBe(400, what);
        (await http.ReadToEndAsync()).ShouldBeEmpty(what);
        StoredRecords.Read(fixture.Server).Count.ShouldBe(stored, what);
        // A fault in the body is one of intake, which logs it once; the web server logs none.
        fixture.Server.Errors.Lines.ShouldAllBe(static line =>
            line.StartsWith("Information", StringComparison.Ordinal)
            || line.Contains("was refused with 400", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Content-Length:\t", "\t")]
    [InlineData("content-length: 00", "")]
    public async Task LengthInAnotherForm_IsRead(string before, string after) =>
        (await StatusAsync($"{before}{s_length}{after}\r\n\r\n{s_event}")).ShouldBe(201);

    [Theory]
    [InlineData("Transfer-Encoding: Chunked")]
    [InlineData("transfer-encoding:chunked ")]
    public async Task CodingInAnotherForm_IsRead(string coding) =>
        (await StatusAsync($"{coding}\r\n\r\n{s_length:X};name=value\r\n{s_event}\r\n00\r\nA: b\r\n\r\n"))
            .ShouldBe(201);

    private async Task<int> StatusAsync(string rest)
    {
        using var http = await RawHttp.ConnectAsync(fixture.Server.Address);
        await http.WriteAsync(Encoding.Latin1.GetBytes(Post + rest));
        return (await http.ReadResponseAsync()).Status;
    }
}

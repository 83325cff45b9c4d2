using System.Text;
using WikiBus.Server.Commands.Reading;

namespace WikiBus.Server.Tests.Commands.Reading;

public sealed class SseReaderTests
{
    [Fact]
    public async Task Blocks_HaveTheirIdsTypesAndData()
    {
        var blocks = await ReadAsync("""
            :ok

            id: 1

            event: gap
            id:2
            data: {"a":1}
            data:{"b"}
            retry: 5


            """);

        blocks.ShouldBe(["1 message -", "2 gap {\"a\":1}\n{\"b\"}"]);
    }

    [Fact]
    public async Task CarriageReturns_BelongToTheLineEnds() =>
        (await ReadAsync("id: 1\r\ndata: x\r\n\r\n")).ShouldBe(["1 message x"]);

    [Fact]
    public async Task HalfABlock_IsNone() => (await ReadAsync("id: 1\n\nid: 2\ndata: x\n")).ShouldBe(["1 message -"]);

    private static async Task<IReadOnlyList<string>> ReadAsync(string text)
    {
        var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var blocks = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } block)
        {
            blocks.Add($"{block.Id} {block.Event} {(block.Data is null ? "-" : Encoding.UTF8.GetString(block.Data))}");
        }

        return blocks;
    }
}

using System.Text;
using WikiBus.Schemas;
using WikiBus.Server.Intake.Filling;

namespace WikiBus.Server.Tests.Intake.Filling;

public sealed class JsonSpliceTests
{
    [Fact]
    public void Members_GoBeforeTheClosingBraceInTheirOrder()
    {
        const string Text = """[ {"meta": {"a":1 } ,"x":{ }} ]""";
        var metaEnd = Text.IndexOf('}', StringComparison.Ordinal);
        var emptyEnd = Text.IndexOf('}', metaEnd + 1);
        var insertions = new List<SchemaDefault>
        {
            Insertion(emptyEnd, isEmpty: true, "\"e\":1"),
            Insertion(emptyEnd + 1, isEmpty: false, "\"r\":1"),
            Insertion(metaEnd, isEmpty: false, "\"b\":2"),
            Insertion(metaEnd, isEmpty: false, "\"c\":3"),
            Insertion(emptyEnd, isEmpty: true, "\"f\":2"),
        };
        using var arena = new ByteArena();
        JsonSplice.Write(Encoding.UTF8.GetBytes(Text)[2..^2], 2, insertions, arena);
        var written = Encoding.UTF8.GetString(arena.Take().Span);
        written.ShouldBe("""{"meta": {"a":1 ,"b":2,"c":3} ,"x":{ "e":1,"f":2},"r":1}""");
        (metaEnd - 2 + JsonSplice.Shift(metaEnd, insertions)).ShouldBe(written.IndexOf('}', StringComparison.Ordinal));
    }

    private static SchemaDefault Insertion(int end, bool isEmpty, string member) =>
        new(end, isEmpty, Encoding.UTF8.GetBytes(member));
}

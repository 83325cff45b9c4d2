using System.Text;

namespace WikiBus.Json.Tests;

public sealed class JsonTapeTests
{
    [Theory]
    [InlineData("null", JsonKind.Null)]
    [InlineData(" true\n", JsonKind.True)]
    [InlineData("false", JsonKind.False)]
    [InlineData("-0.5e+10", JsonKind.Number)]
    [InlineData("\"a\"", JsonKind.String)]
    [InlineData("\"\\ud800\"", JsonKind.String)]
    [InlineData("[]", JsonKind.Array)]
    [InlineData("\t{ }\r\n", JsonKind.Object)]
    public void Json_IsRead(string text, JsonKind kind) => TestTape.Parse(text).Kind.ShouldBe(kind);

    [Theory]
    [InlineData("", 0)]
    [InlineData("  ", 2)]
    [InlineData("[1,]", 3)]
    [InlineData("{\"a\":1,}", 7)]
    [InlineData("{'a':1}", 1)]
    [InlineData("{\"a\" 1}", 5)]
    [InlineData("[1 2]", 3)]
    [InlineData("[1}", 2)]
    [InlineData("{\"a\":1]", 6)]
    [InlineData("01", 1)]
    [InlineData("-", 1)]
    [InlineData("1.", 2)]
    [InlineData("1e", 2)]
    [InlineData("+1", 0)]
    [InlineData(".5", 0)]
    [InlineData("NaN", 0)]
    [InlineData("nul", 3)]
    [InlineData("tRue", 1)]
    [InlineData("\"a", 2)]
    [InlineData("\"a\nb\"", 2)]
    [InlineData("\"\\x\"", 2)]
    [InlineData("\"\\u12g4\"", 5)]
    [InlineData("// c\n1", 0)]
    [InlineData("\ufeff1", 0)]
    [InlineData("1 1", 2)]
    [InlineData("[", 1)]
    [InlineData("{\"a\":", 5)]
    public void NoJson_IsRefusedWithItsPlace(string text, int offset)
    {
        new JsonTape().TryParse(Encoding.UTF8.GetBytes(text), out var fault).ShouldBeFalse();
        fault.Offset.ShouldBe(offset);
        fault.Message.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Members_AreFoundByUnescapedName()
    {
        var root = TestTape.Parse(
            """{"a":1,"\u0062":{"c":[true,null]},"a":2,"long name of more than sixteen bytes":3}""");
        root["a"u8].TryGetInt64(out var last).ShouldBeTrue();
        last.ShouldBe(2);
        root["b"u8]["c"u8].Raw.ToArray().ShouldBe("[true,null]"u8.ToArray());
        root["long name of more than sixteen bytes"u8].ToString().ShouldBe("3");
        root["none"u8].Kind.ShouldBe(JsonKind.None);
        root["a"u8]["a"u8].Kind.ShouldBe(JsonKind.None);
        root.Count.ShouldBe(4);
    }

    [Fact]
    public void Enumeration_GivesNamesAndValuesInOrder()
    {
        var seen = new List<string>();
        for (var members = TestTape.Parse("""{"b":[1,[2]],"a":{"x":0},"c":"z"}""").GetEnumerator(); members.MoveNext();)
        {
            seen.Add($"{members.Name.GetString()}={members.Current}");
        }

        seen.ShouldBe(["b=[1,[2]]", "a={\"x\":0}", "c=\"z\""]);
        var elements = TestTape.Parse("[1,{},[],2]").GetEnumerator();
        var count = 0;
        while (elements.MoveNext())
        {
            count++;
        }

        count.ShouldBe(4);
        elements = TestTape.Parse("7").GetEnumerator();
        elements.MoveNext().ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"plain\"", "plain")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t")]
    [InlineData("\"\\u00e9\\ud83d\\ude00\"", "é😀")]
    [InlineData("\"a\\ud83dz\\ude00\"", "a\ufffdz\ufffd")]
    public void StringText_IsUnescaped(string text, string expected)
    {
        var node = TestTape.Parse(text);
        node.GetString().ShouldBe(expected);
        node.TextEquals(Encoding.UTF8.GetBytes(expected)).ShouldBeTrue();
        node.TextEquals("other"u8).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("[]", 1)]
    [InlineData("{\"a\":[1,{}],\"b\":{}}", 3)]
    public void Depth_CountsContainers(string text, int depth)
    {
        TestTape.Parse(text).Depth.ShouldBe(depth);
        var inside = TestTape.Parse($"[[{text}],[[[[]]]]]").GetEnumerator();
        inside.MoveNext().ShouldBeTrue();
        inside.Current.Depth.ShouldBe(depth + 1);
    }

    [Fact]
    public void DeepNesting_IsReadWithoutRecursion()
    {
        const int depth = 100_000;
        TestTape.Parse(new string('[', depth) + new string(']', depth)).Depth.ShouldBe(depth);
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        TestTape.Parse(objects).Depth.ShouldBe(depth);
        TestTape.Parse(objects).FindDuplicateName().ShouldBeNull();
        new JsonTape().TryParse(Encoding.UTF8.GetBytes(new string('[', depth)), out var fault).ShouldBeFalse();
        fault.Offset.ShouldBe(depth);
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":2}", null)]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "a")]
    [InlineData("[{\"x\":{\"y\":1}},{\"x\":{\"y\":1,\"z\":[{\"q\":1,\"q\":2}]}}]", "q")]
    [InlineData("\"a\"", null)]
    public void DuplicateName_IsFoundAtAnyDepth(string text, string? name) =>
        TestTape.Parse(text).FindDuplicateName().ShouldBe(name);

    [Fact]
    public void DuplicateName_IsFoundAtAnyPosition()
    {
        for (var count = 1; count < 70; count++)
        {
            var members = Enumerable.Range(0, count).Select(i => $"\"n{i}\":{i}").ToList();
            TestTape.Parse($"{{{string.Join(',', members)}}}")
            .FindDuplicateName().ShouldBeNull();
            for (var first = 0; first < count; first++)
            {
                var name = $"n{first}";
                var last = $"\"{name}\":0";
                TestTape.Parse($"{{{string.Join(',', members.Append(last))}}}").FindDuplicateName().ShouldBe(name);
            }
        }
    }

    [Fact]
    public void DuplicateName_IsFoundInHugeObjects()
    {
        var members = Enumerable.Range(0, 100_000).Select(i => $"\"n{i}\":{i}").ToList();
        TestTape.Parse($"{{{string.Join(',', members)}}}")
            .FindDuplicateName().ShouldBeNull();
        members.Add("\"n\\u0034321\":0");
        TestTape.Parse($"{{{string.Join(',', members)}}}")
            .FindDuplicateName().ShouldBe("n4321");
    }

    /// <summary>
    /// The hash reads 24 bytes of a name. Names that differ only elsewhere must not cost the square of their number.
    /// </summary>
    [Theory]
    [InlineData("x")]
    [InlineData("\\u0078")]
    public void NamesWithEqualHashes_AreDistinguished(string first)
    {
        var padding = new string('x', 20);
        var rest = padding[1..];
        var members = Enumerable.Range(0, 50_000)
            .Select(i => $"\"{first}{rest}{i:D6}{padding}{padding}\":0").ToList();
        TestTape.Parse($"{{{string.Join(',', members)}}}")
            .FindDuplicateName().ShouldBeNull();
        members.Add(members[77]);
        TestTape.Parse($"{{{string.Join(',', members)}}}")
            .FindDuplicateName().ShouldBe($"{padding}000077{padding}{padding}");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void FirstRepeatedName_IsReported(int count)
    {
        var members = Enumerable.Range(0, count).Select(i => $"\"n{i}\":{i}").ToList();
        var repeats = Enumerable.Range(1, 8).Select(i => $"\"n{i}\":{i}");
        TestTape.Parse($"{{{string.Join(',', members.Concat(repeats))}}}").FindDuplicateName().ShouldBe("n1");
        var reversed = members.AsEnumerable().Reverse();
        TestTape.Parse($"{{{string.Join(',', members.Concat(reversed))}}}")
            .FindDuplicateName().ShouldBe($"n{count - 1}");
    }

    [Fact]
    public void NameRepeatedManyTimes_IsReported()
    {
        var members = Enumerable.Repeat("\"\\u0061\":0", 200_000);
        TestTape.Parse($"{{{string.Join(',', members)}}}")
            .FindDuplicateName().ShouldBe("a");
    }

    [Fact]
    public void TapeReused_ForgetsTheTextBefore()
    {
        var tape = new JsonTape();
        tape.TryParse("[1,2,3]"u8.ToArray(), out _).ShouldBeTrue();
        tape.TryParse("[1,"u8.ToArray(), out _).ShouldBeFalse();
        tape.Root.Kind.ShouldBe(JsonKind.None);
        tape.TryParse("{\"a\":\"b\"}"u8.ToArray(), out _).ShouldBeTrue();
        tape.Root["a"u8].GetString().ShouldBe("b");
    }

    [Theory]
    [InlineData("12", true, 12)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("1.0", false, 0)]
    [InlineData("\"1\"", false, 0)]
    public void IntegerText_IsReadWhereItFits(string text, bool fits, long value)
    {
        TestTape.Parse(text).TryGetInt64(out var read).ShouldBe(fits);
        read.ShouldBe(value);
    }
}

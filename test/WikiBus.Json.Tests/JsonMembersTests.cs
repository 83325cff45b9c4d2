using System.Text;

namespace WikiBus.Json.Tests;

public sealed class JsonMembersTests
{
    private static readonly JsonMembers s_members = new("meta", "wiki", "a very long name that no hash reads whole");

    [Theory]
    [InlineData("""{"wiki":"x","other":1,"meta":{"wiki":"below"}}""", """{"wiki":"below"}""", "\"x\"", "")]
    [InlineData("""{"m\u0065ta":[1],"wik":0}""", "[1]", "", "")]
    [InlineData("""{"a very long name that no hash reads WHOLE":1,"wiki":null}""", "", "null", "")]
    [InlineData("""{"a very long name that no hash reads whole":{},"meta":1,"meta":2}""", "2", "", "{}")]
    [InlineData("""["meta","wiki"]""", "", "", "")]
    [InlineData("{}", "", "", "")]
    public void MembersOfOneObject_AreFoundInTheirPlaces(string json, string meta, string wiki, string other)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(json), out _).ShouldBeTrue();
        var places = new int[s_members.Count];

        s_members.Find(tape.Root, places);

        places.Select(place => tape.Root.At(place).ToString()).ShouldBe([meta, wiki, other]);
    }

    [Fact]
    public void TooFewPlaces_AreAnArgumentError()
    {
        var tape = new JsonTape();
        tape.TryParse("{}"u8.ToArray(), out _).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => s_members.Find(tape.Root, new int[2]));
    }

    [Fact]
    public void NoValue_HasNoMembers()
    {
        var places = new int[s_members.Count];
        s_members.Find(default, places);
        places.ShouldAllBe(static place => default(JsonTapeValue).At(place).Kind == JsonKind.None);
    }
}

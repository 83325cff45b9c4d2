using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

public sealed class SetWriterTests
{
    [Fact]
    public void Set_IsWrittenInDreamsOrder()
    {
        const string Written =
            "<subscription-set max-failures=\"3\" version=\"7\"><uri.owner>http://o/3</uri.owner>"
            + "<subscription id=\"full\"><channel>event://a/b</channel><channel>event://a/c/*</channel>"
            + "<uri.resource>http://r/1</uri.resource>"
            + "<set-cookie version=\"1\"><name>n</name><uri>http://c/</uri><value>v</value></set-cookie>"
            + "<uri.proxy>http://c/proxy</uri.proxy>"
            + "<recipient authtoken=\"t\" x=\"y\"><uri>http://a/1</uri><extra a=\"b\">text<c /></extra></recipient>"
            + "<recipient><uri>http://b/2</uri></recipient></subscription></subscription-set>";
        var set = TestSets.Read(
            """
            <subscription-set version="7" foo="bar" max-failures="3">
              <subscription id="full">
                <recipient authtoken="t" x="y"><uri>http://a/1</uri><extra a="b">text<c/></extra></recipient>
                <uri.proxy>http://c/proxy</uri.proxy>
                <set-cookie><name>n</name><uri>http://c/</uri><value>v</value></set-cookie>
                <filter>//x</filter>
                <uri.resource>http://r/1</uri.resource>
                <channel>event://a/b</channel>
                <channel>event://a/c/*</channel>
                <recipient><uri>http://b/2</uri></recipient>
                <unknown/>
              </subscription>
              <uri.owner>http://o/3</uri.owner>
            </subscription-set>
            """);
        TestSets.Write(set).ShouldBe(Written);
        TestSets.Write(TestSets.Read(Written)).ShouldBe(Written);
    }

    [Fact]
    public void Duration_IsWrittenSoThatItCanBePutBack()
    {
        var set = TestSets.Of("http://o", "", "max-failure-duration='60.5'");
        TestSets.Write(set).ShouldBe(
            "<subscription-set max-failures=\"2147483647\" max-failure-duration=\"60.5\">"
            + "<uri.owner>http://o</uri.owner></subscription-set>");
    }

    [Theory]
    [InlineData("<subscription-set version='2' max-failures='5'>", "2", "http://a/q", true)]
    [InlineData("<subscription-set max-failures='6'>", "1", "http://a/q", false)]
    [InlineData("<subscription-set>", "1", "http://a/other", false)]
    public void Sets_AreTheSameWhateverTheirVersionAndIdsAre(string root, string id, string recipient, bool isSame)
    {
        static string Rest(string id, string recipient) => "<uri.owner>http://o</uri.owner>"
            + TestSets.Subscription("event://a/b", recipient).Insert("<subscription".Length, $" id='{id}'")
            + "</subscription-set>";
        var one = TestSets.Read("<subscription-set version='1'>" + Rest("1", "http://a/q"));
        var other = TestSets.Read(root + Rest(id, recipient));
        SetWriter.IsSame(one, other).ShouldBe(isSame);
    }
}

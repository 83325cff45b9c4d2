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
}

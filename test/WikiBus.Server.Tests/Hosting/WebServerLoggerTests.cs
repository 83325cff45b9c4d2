using Microsoft.Extensions.Logging;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Tests.Hosting;

public sealed class WebServerLoggerTests
{
    private static readonly EventId s_drainFailed = new(1, "RequestBodyDrainBodyReaderInvalidState");

    private readonly LineLogger<WebServerLoggerTests> _lines = new();

    [Fact]
    public void BodyThatIsNone_IsNoError() => Level(s_drainFailed, FromTheBody).ShouldBe("Debug");

    [Fact]
    public void ReadThatAHandlerLeftOpen_StaysAnError() => Level(s_drainFailed, Misuse).ShouldBe("Error");

    [Fact]
    public void EverythingElse_StaysAnError() => Level(new EventId(1, "Other"), FromTheBody).ShouldBe("Error");

    private string Level(EventId id, Action fault)
    {
        var exception = Should.Throw<InvalidOperationException>(fault);
        new WebServerLogger(_lines).Log(LogLevel.Error, id, "text", exception, static (state, _) => state);
        return _lines.Lines.ShouldHaveSingleItem().Split(':')[0];
    }

    private static void FromTheBody() => MessageBody.PumpAsync();

    private static void Misuse() => throw new InvalidOperationException("Reading is already in progress.");

    /// <summary>Has the name of the web server's method.</summary>
    private static class MessageBody
    {
        public static void PumpAsync() => throw new InvalidOperationException("Null characters are not allowed.");
    }
}

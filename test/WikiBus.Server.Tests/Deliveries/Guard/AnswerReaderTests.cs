using System.IO.Pipelines;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class AnswerReaderTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // A write to it ends when the other side has read it.
    private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));

    [Fact]
    public async Task BodyThatHangs_IsReadUntilTheTokenIsCancelled()
    {
        using var source = new CancellationTokenSource();
        var excerpt = ReadAsync(source.Token);
        await _body.Writer.WriteAsync("hello"u8.ToArray(), CancellationToken.None).AsTask()
            .WaitAsync(s_limit, CancellationToken.None);
        excerpt.IsCompleted.ShouldBeFalse();

        await source.CancelAsync();

        (await excerpt.WaitAsync(s_limit, CancellationToken.None)).ShouldBe("hello");
    }

    [Fact]
    public async Task CharacterThatIsCut_IsShownAsAReplacement()
    {
        var excerpt = ReadAsync(CancellationToken.None);
        await _body.Writer.WriteAsync("a€"u8.ToArray().AsMemory(0, 3), CancellationToken.None);
        await _body.Writer.CompleteAsync();

        (await excerpt.WaitAsync(s_limit, CancellationToken.None)).ShouldBe("a\uFFFD");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("１２０")]
    [InlineData("+5")]
    public void RetryAfterThatIsNoNumber_IsIgnored(string? text) =>
        AnswerReader.RetryAfter(text, DateTimeOffset.UnixEpoch).ShouldBeNull();

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(_body.Reader.AsStream()) };
        return await AnswerReader.ReadBodyAsync(response, 64 << 10, cancellationToken);
    }
}

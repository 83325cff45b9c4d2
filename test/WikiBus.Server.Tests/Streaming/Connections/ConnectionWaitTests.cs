using WikiBus.Server.Streaming.Connections;

namespace WikiBus.Server.Tests.Streaming.Connections;

public sealed class ConnectionWaitTests
{
    private readonly ConnectionWait _wait = new();

    [Fact]
    public void AConnectionThatRuns_IsNotWoken()
    {
        _wait.Wake();
        _wait.TryTake().ShouldBeFalse();
        _wait.Begin().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void AConnectionThatWaits_IsWokenOnce()
    {
        var woken = _wait.Begin();
        _wait.Wake();
        woken.IsCompletedSuccessfully.ShouldBeTrue();
        _wait.Wake();
        _wait.Begin().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void AConnectionThatIsTaken_IsWokenByItsTakerOnly()
    {
        var woken = _wait.Begin();
        _wait.TryTake().ShouldBeTrue();
        _wait.TryTake().ShouldBeFalse();
        _wait.Wake();
        woken.IsCompleted.ShouldBeFalse();

        _wait.PutBack();
        _wait.TryTake().ShouldBeTrue();
        _wait.Resume();
        woken.IsCompletedSuccessfully.ShouldBeTrue();
    }
}

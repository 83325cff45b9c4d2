using WikiBus.Server.Intake.Entry;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Tests.Intake.Entry;

public sealed class IntakeBatchPoolTests
{
    private readonly BytesInFlight _bytesInFlight = new(new IntakeOptions());
    private readonly IntakeBatchPool _pool;

    public IntakeBatchPoolTests() => _pool = new IntakeBatchPool(_bytesInFlight, streamCheck: null!, log: null!);

    [Fact]
    public void ReturnedBatch_IsLentAgain_Empty()
    {
        var batch = _pool.Take();
        batch.Body.Text.TryMakeRoom(1000, 1000).ShouldBeTrue();
        batch.Body.TakeOwnEvent("""{"a":1}"""u8);
        _pool.Return(batch);
        _bytesInFlight.Bytes.ShouldBe(0);
        _pool.Take().ShouldBe(batch);
        batch.Body.Text.Length.ShouldBe(0);
        batch.Body.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_ThatTheLogStillReads_StaysAsItIs_AndIsLentLater()
    {
        var append = new TaskCompletionSource();
        var batch = _pool.Take();
        batch.Body.TakeOwnEvent("""{"a":1}"""u8);
        batch.Append = append.Task;
        _pool.Return(batch);
        _pool.Take().ShouldNotBe(batch);
        batch.Body.Events.ShouldHaveSingleItem().ToString().ShouldBe("""{"a":1}""");

        append.SetResult();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_pool.Take() != batch)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        batch.Append.ShouldBeNull();
        batch.Body.Events.ShouldBeEmpty();
    }
}

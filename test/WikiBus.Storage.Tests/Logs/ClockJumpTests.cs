using WikiBus.Storage.Files;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>A clock that was wrong for a moment deletes nothing and hides nothing.</summary>
public sealed class ClockJumpTests : IAsyncDisposable
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan s_jump = TimeSpan.FromDays(32);

    private readonly LogBed _bed = new();
    private readonly JumpingClock _clock;
    private readonly List<(long Position, long TrueMs, long StampMs)> _records = [];

    public ClockJumpTests()
    {
        _bed.Options = _bed.Options with { SegmentBytesMax = 4096, OnNotice = _bed.Take };
        _clock = new JumpingClock(_bed.Time);
        _bed.Open(_clock);
    }

    public async ValueTask DisposeAsync() => await _bed.DisposeAsync();

    [Theory]
    [InlineData(32)]
    [InlineData(-32)]
    public async Task WrongMoment_DeletesNothing(int days)
    {
        await FillAsync();
        _bed.Time.Advance(TimeSpan.FromHours(1));
        await FillAsync();
        _clock.Error = TimeSpan.FromDays(days);
        await FillAsync();
        _bed.Time.Advance(s_moment);
        await FillAsync();
        _clock.Error = TimeSpan.Zero;
        await FillAsync();
        _bed.Time.Advance(TimeSpan.FromHours(1));
        await _bed.CloseAsync();
        _bed.Open(_clock);
        _bed.Log.FirstPosition.ShouldBe(0);
    }

    [Fact]
    public async Task StartWithAWrongClock_DeletesNothingIfItIsCorrectedSoon()
    {
        await FillAsync();
        await _bed.CloseAsync();
        _clock.Error = s_jump;
        _bed.Open(_clock);
        _bed.Time.Advance(CautiousClock.BeliefDelay / 2);
        await FillAsync();
        _clock.Error = TimeSpan.Zero;
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        await FillAsync();
        await _bed.CloseAsync();
        _bed.Open(_clock);
        _bed.Log.FirstPosition.ShouldBe(0);
    }

    [Fact]
    public async Task AfterAWrongMoment_OldSegmentsStillGo()
    {
        _clock.Error = s_jump;
        await FillAsync();
        _clock.Error = TimeSpan.Zero;
        await FillAsync();
        _bed.Time.Advance(TimeSpan.FromDays(31.5));
        await _bed.NoticeAsync("went by retention");
        _bed.Log.FirstPosition.ShouldBePositive();
    }

    [Fact]
    public async Task StartWithAWrongClock_KeepsTheIds()
    {
        var position = await _bed.AppendAsync("a", "1", "id-1");
        await FillAsync();
        await _bed.CloseAsync();
        _clock.Error = s_jump;
        _bed.Open(_clock);
        await FillAsync();
        (await _bed.AppendAsync("a", "1", "id-1")).ShouldBe(position, "it is a repeat");
        _clock.Error = TimeSpan.Zero;
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        await FillAsync();
        (await _bed.AppendAsync("a", "1", "id-1")).ShouldBe(position, "it is a repeat");
    }

    [Fact]
    public async Task WrongMoment_KeepsTheIds()
    {
        var position = await _bed.AppendAsync("a", "1", "id-1");
        await FillAsync();
        _clock.Error = s_jump;
        await FillAsync();
        _bed.Time.Advance(s_moment);
        await FillAsync();
        _clock.Error = TimeSpan.Zero;
        (await _bed.AppendAsync("a", "1", "id-1")).ShouldBe(position, "it is a repeat");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task SinceAndUntil_HideNothing(int seed)
    {
        var random = new Random(seed);
        await AppendWithJumpsAsync(random, isJumping: true);
        ShouldHideNothing(random);
        await _bed.CloseAsync();
        _bed.Open(_clock);
        ShouldHideNothing(random);
        foreach (var name in _bed.Disk.ListFiles(LogBed.Directory)
            .Where(name => SegmentName.TryParseCompanion(name, out _)))
        {
            _bed.Disk.Delete($"{LogBed.Directory}/{name}");
        }

        ShouldHideNothing(random);
    }

    [Fact]
    public async Task RightClock_HasExactStartsAndEnds()
    {
        await AppendWithJumpsAsync(new Random(7), isJumping: false);
        foreach (var timeMs in _records.SelectMany(record => new[] { record.StampMs, record.StampMs + 1 }))
        {
            var exact = _records.Where(record => record.StampMs >= timeMs)
                .Select(record => record.Position).DefaultIfEmpty(_bed.Log.EndPosition).First();
            _bed.Log.FindPosition(timeMs).ShouldBe(exact);
            _bed.Log.FindEnd(timeMs).ShouldBe(exact);
        }
    }

    [Fact]
    public void TimeThatTheClockJumpedOver_HasPassedOnlyAfterTheDelay()
    {
        var tomorrow = _bed.Time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        _clock.Error = s_jump;
        _bed.Log.HasPassed(tomorrow).ShouldBeFalse();
        _bed.Time.Advance(s_moment);
        _bed.Log.HasPassed(tomorrow).ShouldBeFalse();
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        _bed.Log.HasPassed(tomorrow).ShouldBeTrue();
        _clock.Error = TimeSpan.Zero;
        _bed.Log.HasPassed(tomorrow).ShouldBeFalse("a clock that goes back is believed");
    }

    [Fact]
    public void ClockThatReturns_IsBelievedImmediately()
    {
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        NowHasPassed().ShouldBeTrue();
        _clock.Error = -s_jump;
        NowHasPassed().ShouldBeFalse();
        _bed.Time.Advance(s_moment);
        NowHasPassed().ShouldBeFalse();
        _clock.Error = TimeSpan.Zero;
        NowHasPassed().ShouldBeTrue();
        _clock.Error = s_jump;
        _bed.Log.HasPassed(_clock.GetUtcNow().ToUnixTimeMilliseconds()).ShouldBeFalse("this is another time");
    }

    [Fact]
    public void ClockThatReturnsAfterItsOtherTimeWasBelieved_HasJumped()
    {
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        _clock.Error = -s_jump;
        NowHasPassed().ShouldBeFalse();
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        NowHasPassed().ShouldBeFalse();
        _clock.Error = TimeSpan.Zero;
        NowHasPassed().ShouldBeFalse();
        _bed.Time.Advance(CautiousClock.BeliefDelay);
        NowHasPassed().ShouldBeTrue();
    }

    private bool NowHasPassed() => _bed.Log.HasPassed(_bed.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private void ShouldHideNothing(Random random)
    {
        for (var round = 0; round < 100; round++)
        {
            var timeMs = _records[random.Next(_records.Count)].TrueMs + random.Next(-1, 2);
            var start = _bed.Log.FindPosition(timeMs);
            _records.Where(record => record.TrueMs >= timeMs && record.Position < start).ShouldBeEmpty();
            var end = _bed.Log.FindEnd(timeMs);
            _records.Where(record => record.StampMs < timeMs && record.Position >= end).ShouldBeEmpty();
        }
    }

    /// <summary>Some hours of records, with moments in which the clock is wrong by days.</summary>
    private async Task AppendWithJumpsAsync(Random random, bool isJumping)
    {
        for (var step = 0; step < 150; step++)
        {
            _bed.Time.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? 0 : random.Next(100_000)));
            var isWrong = isJumping && random.Next(8) == 0;
            _clock.Error = isWrong ? TimeSpan.FromDays(random.Next(2) == 0 ? 20 : -20) : TimeSpan.Zero;
            for (var count = random.Next(1, isWrong ? 8 : 3); count > 0; count--)
            {
                await AppendAsync();
            }
        }

        _clock.Error = TimeSpan.Zero;
    }

    private async Task AppendAsync()
    {
        var trueMs = _bed.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var stampMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var position = await _bed.AppendAsync("a", new string('x', 200));
        _records.Add((position, trueMs, stampMs));
    }

    private async Task FillAsync()
    {
        var before = _bed.Segments().Count;
        while (_bed.Segments().Count < before + 2)
        {
            await AppendAsync();
        }
    }
}

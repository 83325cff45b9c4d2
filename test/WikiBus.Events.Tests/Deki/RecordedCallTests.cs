using WikiBus.Events.Deki;

namespace WikiBus.Events.Tests.Deki;

/// <summary>The events that the real change sink of Deki made are built again, byte for byte.</summary>
public sealed class RecordedCallTests
{
    private static readonly Dictionary<int, KnownDifference> s_differences =
        KnownDifference.All.Concat(KnownDifference.Thrown).ToDictionary(difference => difference.Line);

    private readonly IReadOnlyList<RecordedCall> _calls = RecordedCalls.Read();

    [Fact]
    public void EveryRecordedCall_BuildsTheSameEvents()
    {
        _calls.Count.ShouldBe(582);
        _calls.Sum(call => call.Events.Count).ShouldBe(786);
        _calls.Select(call => call.Name).Distinct(StringComparer.Ordinal).Count().ShouldBe(39);
        foreach (var call in _calls.Where(call => !s_differences.ContainsKey(call.Line)))
        {
            Describe(RecordedCalls.Build(call)).ShouldBe(Describe(call.Events), $"line {call.Line}, {call.Name}");
        }
    }

    [Fact]
    public void RefusedCalls_NameTheParameter()
    {
        foreach (var difference in s_differences.Values.Where(difference => difference.Parameter is not null))
        {
            var call = _calls[difference.Line - 1];
            Should.Throw<ArgumentException>(() => RecordedCalls.Build(call), $"line {call.Line}, {difference.Reason}")
                .ParamName.ShouldBe(difference.Parameter, $"line {call.Line}");
        }
    }

    [Fact]
    public void CallsThatTheSinkRefuses_AreRefused()
    {
        _calls.Where(call => call.HasThrown).Select(call => call.Line)
            .ShouldBe(KnownDifference.Thrown.Select(difference => difference.Line));
        KnownDifference.Thrown.ShouldAllBe(difference => difference.Parameter != null);
    }

    [Fact]
    public void DifferingCalls_AreFew_AndDifferInOneText()
    {
        KnownDifference.All.Count.ShouldBeLessThanOrEqualTo(20);
        foreach (var difference in KnownDifference.All.Where(difference => difference.Recorded.Length > 0))
        {
            var call = _calls[difference.Line - 1];
            var recorded = Describe(call.Events);
            recorded[^1].ShouldContain(difference.Recorded);
            recorded[^1] = recorded[^1]
                .Replace(difference.Recorded, difference.Built, StringComparison.Ordinal)
                .Replace("<pageid>99<", "<pageid>42<", StringComparison.Ordinal);
            Describe(RecordedCalls.Build(call)).ShouldBe(recorded, $"line {call.Line}, {difference.Reason}");
        }
    }

    [Fact]
    public void BaseUriWithoutPath_IsTheRoot()
    {
        var withSlash = _calls.Single(call => call.BaseUri == "http://ui.example.org/");
        var withoutSlash = _calls.Single(call => call.BaseUri == "http://ui.example.org");
        withoutSlash.Events.ShouldBeEmpty();
        s_differences[withoutSlash.Line].Parameter.ShouldBeNull();
        Describe(RecordedCalls.Build(withoutSlash)).ShouldBe(Describe(withSlash.Events));
    }

    private static List<string> Describe(IReadOnlyList<DekiEvent> events) =>
    [
        .. events.Select(item => string.Join(
            '\n', [item.Channel, item.Resource ?? "no resource", .. item.Origins, item.Document])),
    ];
}

using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>The events that were answered as stored, to compare with the log.</summary>
internal sealed class HostileLedger
{
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);

    public int StoredCount => _stored.Count;

    public void Enter(HostileCase request, int? status)
    {
        if (status is 201 or 207)
        {
            _stored.UnionWith(request.Ids);
        }
        else if (status is null)
        {
            _unanswered.UnionWith(request.Ids);
        }
    }

    /// <summary>The log holds each event that was answered as stored once, and nothing else.</summary>
    public void Check(RunningServer server)
    {
        var ids = StoredRecords.Read(server).ConvertAll(static record => record.Id);
        ids.Count.ShouldBe(ids.Distinct(StringComparer.Ordinal).Count());
        _stored.Except(ids, StringComparer.Ordinal).Take(5).ShouldBeEmpty("answered as stored, and are not");
        ids.Except(_stored, StringComparer.Ordinal).Except(_unanswered, StringComparer.Ordinal).Take(5)
            .ShouldBeEmpty("stored, and were not accepted");
    }
}

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// What writers sent to a log, with its answers, and the check that the log holds exactly that. Filled by the writers
/// concurrently; checked while none writes.
/// </summary>
internal sealed class LogLedger
{
    private readonly Lock _gate = new();
    private readonly List<SentRequest> _requests = [];
    private readonly Dictionary<string, (SentRequest Request, RecordDraft Draft)> _byId = new(StringComparer.Ordinal);

    public IReadOnlyList<SentRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public void Sent(SentRequest request)
    {
        lock (_gate)
        {
            _requests.Add(request);
            foreach (var draft in request.Drafts)
            {
                _byId.Add(SentRequest.IdOf(draft.Id), (request, draft));
            }
        }
    }

    /// <summary>
    /// Reads the whole log and compares. Throws a <see cref="DurabilityFault"/> at the first disagreement.
    /// </summary>
    public void Check(EventLog log)
    {
        var found = new Dictionary<string, LogRecord>(StringComparer.Ordinal);
        var nextOffsets = new Dictionary<string, long>(StringComparer.Ordinal);
        var lastOfWriter = new Dictionary<int, (int Request, int Record)>();
        var lastPosition = -1L;
        var firstPosition = log.FirstPosition;
        foreach (var record in ReadAll(log))
        {
            var id = SentRequest.IdOf(record.Id);
            DurabilityFault.Unless(
                record.Position > lastPosition, $"position {record.Position} follows {lastPosition}");
            DurabilityFault.Unless(found.TryAdd(id, record) || MayBeTwice(id), $"{id} is there twice");
            found[id] = record;
            lastPosition = record.Position;
            CheckOffset(nextOffsets, record);
            CheckOrder(lastOfWriter, id);
            CheckContent(record, id);
        }

        DurabilityFault.Unless(log.EndPosition > lastPosition, "the log's end lies before its last record");
        CheckStreams(log, nextOffsets);
        foreach (var request in Requests)
        {
            CheckRequest(request, found, firstPosition);
        }
    }

    private static IEnumerable<LogRecord> ReadAll(EventLog log)
    {
        using var reader = log.OpenReader(0);
        using var batch = new RecordBatch();
        while (true)
        {
            var more = reader.Read(batch);
            foreach (var record in batch.Records)
            {
                yield return record with { Payload = record.Payload.ToArray(), Id = record.Id.ToArray() };
            }

            if (!more && batch.Records.Count == 0)
            {
                yield break;
            }
        }
    }

    private static void CheckOffset(Dictionary<string, long> nextOffsets, LogRecord record)
    {
        var expected = nextOffsets.GetValueOrDefault(record.Stream, record.Offset);
        DurabilityFault.Unless(
            record.Offset == expected, $"offset {record.Offset} of {record.Stream} is where {expected} should be");
        nextOffsets[record.Stream] = expected + 1;
    }

    // Retention deleted the record, its repeat was stored, and the power went before the deletion was durable.
    private bool MayBeTwice(string id) => _byId[id].Request.MayBeLate;

    private void CheckOrder(Dictionary<int, (int Request, int Record)> lastOfWriter, string id)
    {
        DurabilityFault.Unless(_byId.TryGetValue(id, out var sent), $"{id} was never sent");
        if (sent.Request.MayBeLate)
        {
            return;
        }

        var at = (sent.Request.Number, sent.Request.Drafts.ToList().IndexOf(sent.Draft));
        var last = lastOfWriter.GetValueOrDefault(sent.Request.Writer, (-1, -1));
        DurabilityFault.Unless(at.CompareTo(last) > 0, $"{id} is out of its writer's order: {at} follows {last}");
        lastOfWriter[sent.Request.Writer] = at;
    }

    private void CheckContent(LogRecord record, string id)
    {
        var draft = _byId[id].Draft;
        DurabilityFault.Unless(
            string.Equals(record.Stream, draft.Stream, StringComparison.Ordinal), $"{id} changed its stream");
        DurabilityFault.Unless(record.Payload.Span.SequenceEqual(draft.Payload.Span), $"{id} changed its payload");
    }

    private static void CheckStreams(EventLog log, Dictionary<string, long> nextOffsets)
    {
        foreach (var (stream, next) in nextOffsets)
        {
            var summary = log.FindStream(stream);
            DurabilityFault.Unless(
                summary?.NextOffset == next, $"{stream} counts to {summary?.NextOffset} and its records to {next}");
        }
    }

    private static void CheckRequest(SentRequest request, Dictionary<string, LogRecord> found, long firstPosition)
    {
        if (request.Places is [var first, ..] && first.Position < firstPosition)
        {
            return; // Retention may have deleted it.
        }

        var present = request.Drafts.Count(draft => found.ContainsKey(SentRequest.IdOf(draft.Id)));
        DurabilityFault.Unless(
            present == 0 || present == request.Drafts.Count,
            $"{present} of {request.Drafts.Count} records are there of {request}");
        DurabilityFault.Unless(
            request.MustBeThere is null || request.MustBeThere == present > 0,
            $"{request} {(present > 0 ? "is there" : "is lost")}");
        request.MustBeThere = present > 0;
        if (present > 0)
        {
            request.Found([.. request.Drafts.Select(draft => found[SentRequest.IdOf(draft.Id)])
                .Select(record => new RecordOutcome(record.Position, record.Offset, IsDuplicate: false))]);
        }
    }
}

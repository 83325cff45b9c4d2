using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// Commits that share one frame and one flush. Nothing of it is visible before <see cref="ToIndex"/>: memory never runs
/// ahead of the disk. A later commit of the group sees what an earlier one did.
/// </summary>
internal sealed class StateGroup(StateIndex index, long firstVersion, FrameBuffer frame, int inlineValueBytesMax)
{
    private readonly StateIndex.Builder _next = index.ToBuilder();
    private readonly List<StateEntry?> _written = [];

    /// <summary>The version that the next change gets.</summary>
    public long NextVersion { get; private set; } = firstVersion;

    /// <summary>Adds a commit's changes to the frame, unless a key has not the version expected of it.</summary>
    public void Add(StateCommit commit)
    {
        commit.IsAccepted = commit.Changes.All(change =>
            change.ExpectedVersion is not { } expected || (_next.Find(change.Key.Span)?.Version ?? 0) == expected);
        if (!commit.IsAccepted)
        {
            return;
        }

        foreach (var change in commit.Changes)
        {
            Add(change, NextVersion++);
        }
    }

    /// <summary>The index after the group, whose frame stands durable in a segment.</summary>
    public StateIndex ToIndex(StateSegment segment, long frameOffset)
    {
        var offset = frameOffset + FrameHeader.LengthFor(frame.RecordCount);
        for (var i = 0; i < _written.Count; i++)
        {
            var length = frame.Record(i).Length;
            if (_written[i] is { InlineValue: null } entry && _next.Find(entry.Key)?.Version == entry.Version)
            {
                _next.Put(entry with { Place = new StatePlace(segment, offset, length) });
            }

            offset += length;
        }

        return _next.ToIndex();
    }

    private void Add(StateChange change, long version)
    {
        StateRecord.Add(frame, version, change.Key.Span, change.Value);
        if (change.Value is not { } value)
        {
            _next.Delete(change.Key.Span);
            _written.Add(null);
            return;
        }

        var inline = value.Length <= inlineValueBytesMax ? value.ToArray() : null;
        var entry = new StateEntry(change.Key.ToArray(), version, inline, null);
        _next.Put(entry);
        _written.Add(entry);
    }
}

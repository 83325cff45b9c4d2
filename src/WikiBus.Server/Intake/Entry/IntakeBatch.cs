using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;
using Debug = System.Diagnostics.Debug;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// The events of one request on their way into the log, with all memory that they need. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// A batch is used again by other requests, so it has one owner at a time:
/// <list type="number">
/// <item>The caller of <see cref="IntakeBatchPool.Take"/> owns it, and fills the body.</item>
/// <item><see cref="EventIntake"/> judges the events and gives the records to the log. From here on the log's writer
/// reads the records, until <see cref="Append"/> is completed.</item>
/// <item>The owner writes the answer from the verdicts, which point into the batch.</item>
/// <item>The owner gives it to <see cref="IntakeBatchPool.Return"/>, once, and no longer uses it. The pool waits for
/// the log, then clears it and lends it to the next request.</item>
/// </list>
/// A hasty request is answered before step 2: <see cref="HastyEvents"/> becomes the owner.
/// </remarks>
internal sealed class IntakeBatch(BytesInFlight bytesInFlight, StreamCheck streamCheck, EventLog log) : IDisposable
{
    /// <summary>The text and the events in it.</summary>
    public RequestBody Body { get; } = new(bytesInFlight);

    /// <summary>The verdicts, and the records of the accepted events.</summary>
    public EventJudge Judge { get; } = new(streamCheck, log);

    public RequestDeadline Deadline { get; } = new();

    /// <summary>
    /// The log's work on the records, set by <see cref="EventIntake"/>; null: the log does not have them.
    /// </summary>
    public Task? Append { get; set; }

    /// <summary>True between <see cref="IntakeBatchPool.Take"/> and <see cref="IntakeBatchPool.Return"/>.</summary>
    public bool IsOwned { get; set; }

    /// <summary>Bytes of memory that the batch keeps for the next request, except the arena's chunk.</summary>
    public int HeldBytes => Body.HeldBytes + Judge.HeldBytes;

    /// <summary>Forgets the request, and keeps the memory.</summary>
    public void Clear()
    {
        Debug.Assert(Append is null or { IsCompleted: true }, "the log's writer no longer reads the records");
        Append = null;
        Deadline.Stop();
        Body.Clear();
        Judge.Clear();
    }

    public void Dispose()
    {
        Deadline.Dispose();
        Body.Dispose();
        Judge.Dispose();
    }
}

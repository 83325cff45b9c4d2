using System.IO.Pipelines;

namespace WikiBus.Server.Intake;

/// <summary>
/// A body whose pending read is cancelled at the deadline. A stream over a pipe leaves such a read open, and the server
/// could then not read past the body any more; here it is ended, with nothing consumed.
/// </summary>
internal sealed class DeadlineReader(PipeReader body) : PipeReader
{
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await body.ReadAsync(cancellationToken);
        if (result.IsCanceled)
        {
            body.AdvanceTo(result.Buffer.Start);
        }

        return result;
    }

    public override bool TryRead(out ReadResult result) => body.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        body.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);
}

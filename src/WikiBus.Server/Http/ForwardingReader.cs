using System.IO.Pipelines;

namespace WikiBus.Server.Http;

/// <summary>A reader that passes every call on to another one. A derived class changes some of them.</summary>
internal abstract class ForwardingReader(PipeReader reader) : PipeReader
{
    /// <summary>The other reader.</summary>
    protected PipeReader Inner { get; } = reader;

    public override bool TryRead(out ReadResult result) => Inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => Inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        Inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => Inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => Inner.Complete(exception);
}

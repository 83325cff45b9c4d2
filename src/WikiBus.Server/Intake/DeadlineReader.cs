using System.IO.Pipelines;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>
/// A body whose pending read is cancelled at the deadline. A stream over a pipe leaves such a read open, and the server
/// could then not read past the body any more; here it is ended, with nothing consumed.
/// </summary>
internal sealed class DeadlineReader(PipeReader body) : ForwardingReader(body)
{
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await Inner.ReadAsync(cancellationToken);
        if (result.IsCanceled)
        {
            Inner.AdvanceTo(result.Buffer.Start);
        }

        return result;
    }
}

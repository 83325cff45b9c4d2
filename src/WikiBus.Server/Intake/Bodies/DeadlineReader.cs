using System.IO.Pipelines;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>
/// A body whose pending read is cancelled at the deadline. A stream over a pipe would leave that read open, and the
/// server could not read past the body. This reader ends it, with nothing consumed.
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

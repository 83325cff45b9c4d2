using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>Holds a relay before its request, or between the answer and what it does then.</summary>
/// <param name="holdsAnswer">Whether the bus gets the request first.</param>
internal sealed class AnswerGate(bool holdsAnswer)
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until a relay is held.</summary>
    public Task WaitAsync() => _held.Task.WaitAsync(TestTime.Limit);

    /// <summary>Lets it go on.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>The gate as a part of the HTTP client.</summary>
    public DelegatingHandler CreateHandler() => new Handler(this, holdsAnswer);

    private async Task PassAsync(CancellationToken cancellation)
    {
        _held.TrySetResult();
        await _opened.Task.WaitAsync(cancellation);
    }

    private sealed class Handler(AnswerGate gate, bool holdsAnswer) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!holdsAnswer)
            {
                await gate.PassAsync(cancellationToken);
                return await base.SendAsync(request, cancellationToken);
            }

            var response = await base.SendAsync(request, cancellationToken);
            await gate.PassAsync(cancellationToken);
            return response;
        }
    }
}

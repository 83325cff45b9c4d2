using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Settings;

/// <summary>Checks the settings of the outbox when the host starts.</summary>
internal sealed class OutboxOptionsValidator : IValidateOptions<ProducerOptions>
{
    // The relay has a request in memory.
    private const int BatchBytesLimit = 64 << 20;

    public ValidateOptionsResult Validate(string? name, ProducerOptions options) =>
        options.Outbox.BatchBytesMax is >= 1 and <= BatchBytesLimit
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Outbox.BatchBytesMax must be from 1 to {BatchBytesLimit}; it is {options.Outbox.BatchBytesMax}.");
}

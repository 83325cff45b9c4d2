using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Settings;

/// <summary>Checks the settings of the outbox when the host starts.</summary>
internal sealed class OutboxOptionsValidator : IValidateOptions<ProducerOptions>
{
    // The relay has a request in memory.
    private const int BatchBytesLimit = 64 << 20;

    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ProducerOptions options)
    {
        if (options.Outbox.BatchBytesMax is < 1 or > BatchBytesLimit)
        {
            yield return
                $"Outbox.BatchBytesMax must be from 1 to {BatchBytesLimit}; it is {options.Outbox.BatchBytesMax}.";
        }

        if (options.Outbox.AcceptHasty)
        {
            yield break;
        }

        // The answer would be 202, so the relay would send the same events for ever.
        foreach (var (service, settings) in options.Services)
        {
            if (Uri.TryCreate(settings.Url, UriKind.Absolute, out var url)
                && url.Query.TrimStart('?').Split('&').Contains("hasty=true"))
            {
                yield return $"Services.{service}.Url must not have hasty=true with the outbox, unless "
                    + "Outbox.AcceptHasty is set.";
            }
        }
    }
}

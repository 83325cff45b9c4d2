using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Jobs;

/// <summary>Validates the settings of jobs.</summary>
internal sealed class JobOptionsValidator : IValidateOptions<ProducerOptions>
{
    private const int ConcurrencyLimit = 1024;
    private const int BytesLimitMin = 1 << 10;
    private const int BytesLimitMax = 64 << 20;
    private const int SecretKeysMax = 8;

    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        var faults = FaultsOf(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FaultsOf(ProducerOptions options)
    {
        var limits = options.RunJob;
        if (limits.ConcurrencyMax is < 1 or > ConcurrencyLimit)
        {
            yield return $"RunJob.ConcurrencyMax must be 1 to {ConcurrencyLimit}; it is {limits.ConcurrencyMax}.";
        }

        if (limits.JobBytesMax is < BytesLimitMin or > BytesLimitMax)
        {
            yield return $"RunJob.JobBytesMax must be {BytesLimitMin} to {BytesLimitMax}; it is {limits.JobBytesMax}.";
        }

        if (options.SecretKeys.Count > SecretKeysMax)
        {
            yield return $"SecretKeys must have at most {SecretKeysMax} keys.";
        }
    }
}

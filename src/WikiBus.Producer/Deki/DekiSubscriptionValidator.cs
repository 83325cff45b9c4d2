using System.Globalization;
using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Deki;

/// <summary>Checks the settings of a subscription when the host starts.</summary>
internal sealed class DekiSubscriptionValidator : IValidateOptions<DekiSubscriptionOptions>
{
    private const int AccessKeyLengthMax = 64;

    private static readonly TimeSpan s_timeoutMax = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, DekiSubscriptionOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(DekiSubscriptionOptions options)
    {
        foreach (var (name, uri) in ((string, Uri?)[])
            [
                (nameof(options.SubscribersUri), options.SubscribersUri), (nameof(options.OwnerUri), options.OwnerUri),
                (nameof(options.RecipientUri), options.RecipientUri),
            ])
        {
            if (uri is not { IsAbsoluteUri: true, UserInfo.Length: 0, Fragment.Length: 0 }
                || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            {
                yield return $"{name} must be an absolute URI of http or https without credentials and fragment.";
            }
        }

        if (options.Channels.Count == 0 || options.Channels.Concat(options.Resources).Any(static one => !IsUri(one)))
        {
            yield return "Channels must have at least one channel, such as event://*/deki/pages/*, and Resources must "
                + "be URIs.";
        }

        foreach (var (name, secret) in ((string, string?)[])
            [(nameof(options.ApiKey), options.ApiKey), (nameof(options.RecipientSecret), options.RecipientSecret)])
        {
            if (secret is not null && !DreamKey.IsValid(secret))
            {
                yield return $"{name} must consist of {DreamKey.Allowed}, and not be empty.";
            }
        }

        if (options.AccessKey is not { Length: > 0 and <= AccessKeyLengthMax } key
            || !key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'))
        {
            yield return $"AccessKey must have 1 to {AccessKeyLengthMax} letters, digits, '-', '_', '.' and '~'.";
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > s_timeoutMax)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Timeout must be more than 0 and at most {s_timeoutMax}.");
        }
    }

    // A host may be a wildcard, which the class Uri refuses.
    private static bool IsUri(string text) =>
        text.Contains("://", StringComparison.Ordinal) && text.All(static c => c is > ' ' and <= '~');
}

using System.Globalization;
using Microsoft.Extensions.Options;
using WikiBus.Events.Deki;

namespace WikiBus.Producer.Deki;

/// <summary>Checks the settings for Deki's events when the host starts.</summary>
internal sealed class DekiOptionsValidator : IValidateOptions<ProducerOptions>
{
    private static readonly TimeSpan s_timeoutMax = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        var faults = Faults(options.Deki).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(DekiOptions options)
    {
        if (!IsHttp(options.PublishUri) || options.PublishUri!.Fragment.Length > 0)
        {
            yield return "Deki.PublishUri must be an absolute URI of http or https without credentials and fragment, "
                + "as http://localhost:8192/pubsub/publish.";
        }

        if (!IsHttp(options.ApiUri) || options.ApiUri!.Fragment.Length > 0 || options.ApiUri.Query.Length > 0)
        {
            yield return "Deki.ApiUri must be an absolute URI of http or https without credentials, query and "
                + "fragment, as http://wiki.example.org/@api/deki.";
        }

        if (!IsWikiId(options.WikiId))
        {
            yield return $"Deki.WikiId must be valid as a host, such as default; it is '{options.WikiId}'.";
        }

        if (options.ApiKey is { } key && !DreamKey.IsValid(key))
        {
            yield return $"Deki.ApiKey must consist of {DreamKey.Allowed}, and not be empty.";
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > s_timeoutMax)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Deki.Timeout must be more than 0 and at most {s_timeoutMax}.");
        }
    }

    private static bool IsHttp(Uri? uri) => uri is { IsAbsoluteUri: true, UserInfo.Length: 0 }
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static bool IsWikiId(string id)
    {
        try
        {
            _ = new DekiWiki { Id = id, ApiUri = new Uri("http://localhost/"), Time = DateTimeOffset.UnixEpoch };
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

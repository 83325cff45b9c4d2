using System.Globalization;
using Microsoft.Extensions.Options;
using WikiBus.Events;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Settings;

/// <summary>Checks the settings at the start. Each fault names the setting and what is allowed.</summary>
internal sealed class ProducerOptionsValidator : IValidateOptions<ProducerOptions>
{
    // A longer time would only hide that the service hangs.
    private static readonly TimeSpan s_timeoutMax = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        var faults = FaultsOf(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FaultsOf(ProducerOptions options)
    {
        var faults = LimitFaults(options)
            .Concat(options.Services.SelectMany(service => ServiceFaults(service.Key, service.Value)))
            .Concat(RouteFaults(options));
        return options.EnabledKinds == EventKinds.None ? faults : faults.Concat(WikiFaults(options.Wiki));
    }

    private static IEnumerable<string> LimitFaults(ProducerOptions options)
    {
        if (!Enum.IsDefined(options.Generation))
        {
            yield return $"Generation must be {string.Join(" or ", Enum.GetNames<EventGeneration>())}.";
        }

        if ((options.EnabledKinds & ~EventKinds.All) != 0)
        {
            yield return $"EnabledKinds must be of {string.Join(", ", Enum.GetNames<EventKinds>())}.";
        }

        if (options.BatchBytesMax < 1)
        {
            yield return $"BatchBytesMax must be at least 1; it is {options.BatchBytesMax}.";
        }

        if (options.QueueBytesMax < 1)
        {
            yield return $"QueueBytesMax must be at least 1; it is {options.QueueBytesMax}.";
        }

        if (options.SecretKeys.Any(string.IsNullOrEmpty))
        {
            yield return "SecretKeys must not have an empty key.";
        }

        if (options.PurgeStream is { } purges && !StreamName.IsValid(purges))
        {
            yield return $"PurgeStream must be the name of a stream; it is '{purges}'. "
                + "Without it the wiki announces no purges.";
        }

        foreach (var (stream, other) in options.StreamNames.Where(stream => !StreamName.IsValid(stream.Value)))
        {
            yield return $"StreamNames['{stream}'] must be the name of a stream; it is '{other}'.";
        }
    }

    private static IEnumerable<string> ServiceFaults(string name, EventServiceOptions service)
    {
        var option = $"Services['{name}']";
        if (!Uri.TryCreate(service.Url, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            yield return $"{option}.Url must be an absolute URL with http or https, and without a user.";
        }

        if (service.Timeout <= TimeSpan.Zero || service.Timeout > s_timeoutMax)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{option}.Timeout must be more than 0 and at most {s_timeoutMax}, such as 00:00:05 for 5 s; it is "
                + $"{service.Timeout}.");
        }

        if (service.ApiKey is { } key && (key.Length == 0 || key.Any(letter => letter is <= ' ' or > '~')))
        {
            yield return $"{option}.ApiKey must be ASCII without spaces, and not empty.";
        }

        using var request = new HttpRequestMessage();
        foreach (var (header, value) in service.Headers)
        {
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')
                || header.Length == 0 || !request.Headers.TryAddWithoutValidation(header, value))
            {
                yield return $"{option}.Headers['{header}'] must be a header of requests, of one line in ASCII.";
            }
        }
    }

    private static IEnumerable<string> RouteFaults(ProducerOptions options)
    {
        var routes = StreamFaults("StreamDefaults", options.StreamDefaults, options);
        foreach (var (name, stream) in options.Streams ?? new Dictionary<string, StreamOptions>())
        {
            routes = routes.Concat(StreamFaults($"Streams['{name}']", stream, options));
            if (StreamRoutes.IsPattern(name))
            {
                routes = routes.Concat(PatternFaults(name));
            }
        }

        return options.EnabledKinds == EventKinds.None
            ? routes
            : routes.Concat(NameFaults("DefaultService", options.DefaultService ?? "", options));
    }

    private static IEnumerable<string> StreamFaults(string option, StreamOptions stream, ProducerOptions options) =>
        NameFaults($"{option}.Service", stream.Service, options)
            .Concat(NameFaults($"{option}.DestinationService", stream.DestinationService, options));

    private static IEnumerable<string> NameFaults(string option, string? service, ProducerOptions options)
    {
        if (service is not null && !options.Services.ContainsKey(service))
        {
            var known = options.Services.Count == 0 ? "has none" : $"has {string.Join(", ", options.Services.Keys)}";
            yield return $"{option} is '{service}'. It must be the name of a service in Services, which {known}.";
        }
    }

    private static IEnumerable<string> PatternFaults(string name)
    {
        string? fault = null;
        try
        {
            StreamRoutes.Compile(name);
        }
        catch (ArgumentException exception)
        {
            fault = exception.Message;
        }

        return fault is null ? [] : [$"Streams['{name}'] must be a valid pattern: {fault}"];
    }

    private static IEnumerable<string> WikiFaults(WikiOptions wiki)
    {
        (string Option, string Value)[] needed =
        [
            ("Database", wiki.Database), ("ServerName", wiki.ServerName), ("CanonicalServer", wiki.CanonicalServer),
            ("ArticlePath", wiki.ArticlePath), ("UserNamespace", wiki.UserNamespace),
        ];
        var faults = needed.Where(item => string.IsNullOrEmpty(item.Value))
            .Select(item => $"Wiki.{item.Option} must not be empty.").ToList();
        if (faults.Count > 0)
        {
            return faults;
        }

        try
        {
            wiki.ToSite();
            return [];
        }
        catch (ArgumentException exception)
        {
            return [$"Wiki: {exception.Message}"];
        }
    }
}

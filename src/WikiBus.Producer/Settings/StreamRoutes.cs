using System.Text.RegularExpressions;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Settings;

/// <summary>Finds the service of a stream, as EventBus does with EventStreamConfig.</summary>
internal sealed class StreamRoutes
{
    private static readonly TimeSpan s_matchTimeout = TimeSpan.FromSeconds(1);

    private readonly ProducerOptions _options;
    private readonly List<(Regex Pattern, StreamOptions Stream)> _patterns = [];

    public StreamRoutes(ProducerOptions options)
    {
        _options = options;
        foreach (var (name, stream) in options.Streams ?? new Dictionary<string, StreamOptions>())
        {
            if (IsPattern(name))
            {
                _patterns.Add((Compile(name), stream));
            }
        }
    }

    /// <summary>Whether a name of <c>$wgEventStreams</c> is a pattern for several streams.</summary>
    public static bool IsPattern(string name) => name.StartsWith('/');

    /// <summary>Compiles a pattern such as <c>/^mediawiki\.job\..+/</c>, with the flag <c>i</c> or without.</summary>
    /// <exception cref="ArgumentException">It is not a valid pattern.</exception>
    public static Regex Compile(string name)
    {
        var end = name.LastIndexOf('/');
        var flags = end > 0 ? name[(end + 1)..] : "?";
        if (flags is not ("" or "i"))
        {
            throw new ArgumentException("A pattern is /…/ or /…/i.", nameof(name));
        }

        var options = RegexOptions.CultureInvariant | (flags == "i" ? RegexOptions.IgnoreCase : RegexOptions.None);
        return new Regex(name[1..end], options, s_matchTimeout);
    }

    /// <summary>The name of the service for a stream's events; null if the stream is not sent.</summary>
    public string? ServiceOf(string stream)
    {
        if (_options.Streams is null)
        {
            return _options.DefaultService;
        }

        var isCurrent = _options.Generation == EventGeneration.Current;
        if (Find(stream) is not { } settings)
        {
            return isCurrent ? null : _options.DefaultService;
        }

        var defaults = _options.StreamDefaults;
        if (isCurrent && !(settings.IsEnabled ?? defaults.IsEnabled ?? true))
        {
            return null;
        }

        return (isCurrent ? settings.Service ?? defaults.Service : null)
            ?? settings.DestinationService ?? defaults.DestinationService ?? _options.DefaultService;
    }

    private StreamOptions? Find(string stream) =>
        _options.Streams!.TryGetValue(stream, out var exact)
            ? exact
            : _patterns.FirstOrDefault(pattern => pattern.Pattern.IsMatch(stream)).Stream;
}

using System.Text.RegularExpressions;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>
/// The values of placeholders such as <c>{{LOCATION_2}}</c> in one scenario. One that has no value gets that of the
/// first text that is matched with it. <c>{{ANY}}</c> never gets one.
/// </summary>
internal sealed partial class Placeholders
{
    private readonly Dictionary<string, string> _values;

    public Placeholders()
        : this(new Dictionary<string, string>(StringComparer.Ordinal))
    {
    }

    private Placeholders(Dictionary<string, string> values) => _values = values;

    public string this[string name]
    {
        get => _values[name];
        set => _values[name] = value;
    }

    public Placeholders Clone() => new(new Dictionary<string, string>(_values, StringComparer.Ordinal));

    public void Take(Placeholders other)
    {
        foreach (var (name, value) in other._values)
        {
            _values[name] = value;
        }
    }

    /// <summary>Puts values in place of placeholders, which must have some.</summary>
    public string Fill(string template) => Pattern().Replace(template, match => _values[match.Groups[1].Value]);

    /// <summary>Does the text fit? If it does, placeholders get their values.</summary>
    public bool Match(string template, string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (pattern, end) = ("", 0);
        foreach (Match match in Pattern().Matches(template))
        {
            var name = match.Groups[1].Value;
            pattern += Regex.Escape(template[end..match.Index]);
            pattern += _values.TryGetValue(name, out var value) ? Regex.Escape(value)
                : name == "ANY" ? ".*"
                : seen.Add(name) ? $@"(?<{name}>[^/?&<>""\s]+)"
                : $@"\k<{name}>";
            end = match.Index + match.Length;
        }

        var found = Regex.Match(
            text, $@"\A{pattern}{Regex.Escape(template[end..])}\z", RegexOptions.Singleline, TimeSpan.FromSeconds(10));
        foreach (var name in found.Success ? seen : [])
        {
            _values[name] = found.Groups[name].Value;
        }

        return found.Success;
    }

    [GeneratedRegex(@"\{\{([A-Z_0-9]+)\}\}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Pattern();
}

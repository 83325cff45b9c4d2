using System.Globalization;

namespace WikiBus.Server.Options;

/// <summary>
/// The checks that features share in <see cref="IFeatureOptions.Validate"/>. Each returns no fault, or one.
/// </summary>
internal static class OptionChecks
{
    /// <summary>The value is within two bounds, which are allowed, too.</summary>
    public static IEnumerable<OptionFault> Within<T>(string key, T value, T smallest, T largest)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(smallest) < 0 || value.CompareTo(largest) > 0)
        {
            yield return new OptionFault(
                key, $"{Text(value)} is not allowed; {Text(smallest)} to {Text(largest)} is");
        }
    }

    /// <summary>As <see cref="Within{T}(string,T,T,T)"/>; null is allowed, too.</summary>
    public static IEnumerable<OptionFault> Within<T>(string key, T? value, T smallest, T largest)
        where T : struct, IComparable<T>, IFormattable =>
        value is { } given ? Within(key, given, smallest, largest) : [];

    /// <summary>The value is at least that of another option.</summary>
    public static IEnumerable<OptionFault> AtLeast(string key, long value, string other, long smallest)
    {
        if (value < smallest)
        {
            yield return new OptionFault(
                key, $"{Text(value)} is not allowed; {Text(smallest)} and more is, the value of {other}", other);
        }
    }

    /// <summary>The value passes a test; <paramref name="allowed"/> says which values do.</summary>
    public static IEnumerable<OptionFault> That(bool holds, string key, string? value, string allowed)
    {
        if (!holds)
        {
            yield return new OptionFault(key, $"'{WithoutPassword(value)}' is not allowed; {allowed}");
        }
    }

    /// <summary>
    /// Is it an http(s) URL that can be fetched? One with a user and a password is none: they would not be sent.
    /// </summary>
    public static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0;

    private static string? WithoutPassword(string? url)
    {
        var start = url?.IndexOf("://", StringComparison.Ordinal) + 3 ?? 0;
        var end = url?.LastIndexOf('@') ?? -1;
        return start >= 3 && end >= start ? $"{url![..start]}…{url[end..]}" : url;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

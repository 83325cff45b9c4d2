using System.Text;
using System.Text.Unicode;

namespace WikiBus.Events.MediaWiki;

/// <summary>A property of a page, as <c>defaultsort</c> or <c>noindex</c>.</summary>
public sealed record PageProperty
{
    /// <summary>A property with a text.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="value">Its value; may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty, or a text has a lone surrogate.</exception>
    public PageProperty(string name, string value)
    {
        Name = Require.Text(name);
        ArgumentNullException.ThrowIfNull(value);
        Text = Require.Unicode(value);
    }

    /// <summary>A property with a number.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate.</exception>
    public PageProperty(string name, long value)
    {
        Name = Require.Text(name);
        Number = value;
    }

    /// <summary>A property with bytes. Events have UTF-8 as a text, and other bytes as a data URI in base 64.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="value">Its value; may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate.</exception>
    public PageProperty(string name, ReadOnlySpan<byte> value)
        : this(name, ToText(value))
    {
    }

    /// <summary>The property's name.</summary>
    public string Name { get; }

    /// <summary>The value as events have it; null if it is a number.</summary>
    public string? Text { get; }

    /// <summary>The value if it is a number.</summary>
    public long? Number { get; }

    private static string ToText(ReadOnlySpan<byte> value) =>
        Utf8.IsValid(value)
            ? Encoding.UTF8.GetString(value)
            : "data:application/octet-stream;base64," + Convert.ToBase64String(value);
}

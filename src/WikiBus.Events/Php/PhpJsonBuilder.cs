using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WikiBus.Events.Php;

/// <summary>
/// Builds one JSON object, member by member, in the form of PHP's <c>json_encode</c> (see <see cref="PhpJsonWriter"/>).
/// Not safe for concurrent use.
/// </summary>
internal sealed class PhpJsonBuilder
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private bool _isFirst = true;

    /// <summary>What was written so far.</summary>
    public ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    /// <summary>Begins an object, which must get at least one member: PHP writes an empty one as a list.</summary>
    /// <param name="name">The member that it is; null for the outermost object and for an element of a list.</param>
    public void BeginObject(string? name = null) => Begin(name, "{"u8);

    public void EndObject() => End("}"u8);

    public void BeginList(string? name = null) => Begin(name, "["u8);

    public void EndList() => End("]"u8);

    public void Write(string name, string value)
    {
        WriteName(name);
        PhpString.Write(value, _output);
    }

    public void Write(string name, bool value)
    {
        WriteName(name);
        _output.Write(value ? "true"u8 : "false"u8);
    }

    public void Write(string name, long value)
    {
        WriteName(name);
        Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture), _output);
    }

    /// <summary>Writes a time as MediaWiki's <c>TS_ISO_8601</c>: UTC, the fraction of the second cut off.</summary>
    public void Write(string name, DateTimeOffset value) => Write(name, FormatTime(value));

    /// <summary>Writes the member if it has a value.</summary>
    public void WriteIfKnown(string name, string? value)
    {
        if (value is not null)
        {
            Write(name, value);
        }
    }

    /// <inheritdoc cref="WriteIfKnown(string, string?)"/>
    public void WriteIfKnown(string name, bool? value)
    {
        if (value is { } known)
        {
            Write(name, known);
        }
    }

    /// <inheritdoc cref="WriteIfKnown(string, string?)"/>
    public void WriteIfKnown(string name, long? value)
    {
        if (value is { } known)
        {
            Write(name, known);
        }
    }

    /// <inheritdoc cref="WriteIfKnown(string, string?)"/>
    public void WriteIfKnown(string name, DateTimeOffset? value)
    {
        if (value is { } known)
        {
            Write(name, known);
        }
    }

    /// <summary>Writes the value as PHP encodes it after it decoded it.</summary>
    /// <exception cref="ArgumentException">
    /// PHP could not encode the value: a string has a lone surrogate, or a number is no finite float.
    /// </exception>
    public void Write(string name, JsonElement value)
    {
        WriteName(name);
        if (!PhpJsonWriter.TryWriteValue(value, _output))
        {
            throw new ArgumentException(
                $"The value of {name} has a lone surrogate or a number beyond the range of floats.", nameof(value));
        }
    }

    public void WriteList(string name, IEnumerable<string> values)
    {
        BeginList(name);
        foreach (var value in values)
        {
            WriteSeparator();
            PhpString.Write(value, _output);
        }

        EndList();
    }

    /// <summary>The time as events have it: <c>2026-01-31T23:59:59Z</c>.</summary>
    public static string FormatTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private void Begin(string? name, ReadOnlySpan<byte> bracket)
    {
        if (name is null)
        {
            WriteSeparator();
        }
        else
        {
            WriteName(name);
        }

        _output.Write(bracket);
        _isFirst = true;
    }

    private void End(ReadOnlySpan<byte> bracket)
    {
        _output.Write(bracket);
        _isFirst = false;
    }

    private void WriteName(string name)
    {
        WriteSeparator();
        PhpString.Write(name, _output);
        _output.Write(":"u8);
    }

    private void WriteSeparator()
    {
        if (!_isFirst)
        {
            _output.Write(","u8);
        }

        _isFirst = false;
    }
}

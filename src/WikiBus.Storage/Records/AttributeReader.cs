using System.Buffers.Binary;

namespace WikiBus.Storage;

/// <summary>Walks attributes that <see cref="AttributeWriter"/> encoded, in their order.</summary>
/// <example><code>foreach (var (name, value) in …)</code> is written as <c>while (reader.Next()) { reader.Name …
/// }</c>.</example>
public ref struct AttributeReader(ReadOnlySpan<byte> encoded)
{
    private ReadOnlySpan<byte> _rest = encoded;

    /// <summary>The current attribute's name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The current attribute's value, UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next attribute; false at the end.</summary>
    /// <exception cref="LogDamagedException">The bytes are not encoded attributes.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var nameLength = _rest[0];
        if (_rest.Length < 5 + nameLength)
        {
            throw new LogDamagedException("An attribute's name runs past the end of the attributes.");
        }

        var valueLength = BinaryPrimitives.ReadInt32LittleEndian(_rest[(1 + nameLength)..]);
        if (valueLength < 0 || valueLength > _rest.Length - 5 - nameLength)
        {
            throw new LogDamagedException("An attribute's value runs past the end of the attributes.");
        }

        Name = _rest.Slice(1, nameLength);
        Value = _rest.Slice(5 + nameLength, valueLength);
        _rest = _rest[(5 + nameLength + valueLength)..];
        return true;
    }

    /// <summary>The value of the first attribute of this name; false when there is none.</summary>
    public static bool TryGet(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var reader = new AttributeReader(encoded);
        while (reader.Next())
        {
            if (reader.Name.SequenceEqual(name))
            {
                value = reader.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}

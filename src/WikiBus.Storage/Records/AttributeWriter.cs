using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace WikiBus.Storage;

/// <summary>
/// Encodes an ordered list of attributes: per attribute the name's length (1 byte), the name (UTF-8),
/// the value's length (4 bytes, little-endian), the value (UTF-8). Read with <see cref="AttributeReader"/>.
/// Not safe for concurrent use.
/// </summary>
public readonly struct AttributeWriter(IBufferWriter<byte> output)
{
    /// <summary>The most bytes that a record's encoded attributes may have.</summary>
    public const int BytesMax = 16 * 1024;

    /// <summary>Adds an attribute.</summary>
    /// <exception cref="ArgumentException">The name is empty or longer than 255 bytes.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.Length is 0 or > 255)
        {
            throw new ArgumentException("An attribute's name has 1 to 255 bytes.", nameof(name));
        }

        var span = output.GetSpan(5 + name.Length + value.Length);
        span[0] = (byte)name.Length;
        name.CopyTo(span[1..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[(1 + name.Length)..], value.Length);
        value.CopyTo(span[(5 + name.Length)..]);
        output.Advance(5 + name.Length + value.Length);
    }

    /// <summary>Adds an attribute given as text.</summary>
    public void Add(string name, string value) => Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
}

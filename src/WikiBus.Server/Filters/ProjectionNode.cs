using System.Buffers;
using System.Text;
using WikiBus.Json;

namespace WikiBus.Server.Filters;

/// <summary>
/// A node in the tree of kept members. It keeps everything below it, or some of the members below it.
/// </summary>
internal sealed class ProjectionNode
{
    private readonly List<(byte[] Name, ProjectionNode Node)> _children = [];
    private bool _keepsAll;

    /// <summary>Keeps the value at a path below this node.</summary>
    public void Keep(ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            _keepsAll = true;
            return;
        }

        var name = Encoding.UTF8.GetBytes(path[0]);
        var child = Find(name);
        if (child is null)
        {
            child = new ProjectionNode();
            _children.Add((name, child));
        }

        child.Keep(path[1..]);
    }

    /// <summary>Writes the kept part of an object or of an array's elements, and any other value unchanged.</summary>
    public void Write(JsonTapeValue value, IBufferWriter<byte> output)
    {
        if (!_keepsAll && value.Kind == JsonKind.Object)
        {
            WriteObject(value, output);
        }
        else if (!_keepsAll && value.Kind == JsonKind.Array)
        {
            WriteArray(value, output);
        }
        else
        {
            output.Write(value.Raw);
        }
    }

    private void WriteObject(JsonTapeValue value, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        var isFirst = true;
        var members = value.GetEnumerator();
        while (members.MoveNext())
        {
            if (Find(members.Name) is not { } child)
            {
                continue;
            }

            if (!isFirst)
            {
                output.Write(","u8);
            }

            isFirst = false;
            output.Write(members.Name.Raw);
            output.Write(":"u8);
            child.Write(members.Current, output);
        }

        output.Write("}"u8);
    }

    private void WriteArray(JsonTapeValue value, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        foreach (var element in value)
        {
            if (!isFirst)
            {
                output.Write(","u8);
            }

            isFirst = false;
            Write(element, output);
        }

        output.Write("]"u8);
    }

    private ProjectionNode? Find(byte[] name)
    {
        foreach (var (known, node) in _children)
        {
            if (known.AsSpan().SequenceEqual(name))
            {
                return node;
            }
        }

        return null;
    }

    private ProjectionNode? Find(JsonTapeValue name)
    {
        foreach (var (known, node) in _children)
        {
            if (name.TextEquals(known))
            {
                return node;
            }
        }

        return null;
    }
}

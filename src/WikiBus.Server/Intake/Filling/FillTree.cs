using System.Buffers;
using WikiBus.Json;
using WikiBus.Schemas;

namespace WikiBus.Server.Intake.Filling;

/// <summary>The members to fill in, as a tree, so that the members of one missing object come together.</summary>
internal sealed class FillTree
{
    private readonly List<Branch> _members = [];

    public bool IsEmpty => _members.Count == 0;

    public void Clear() => _members.Clear();

    /// <summary>Adds a member; <paramref name="value"/> is JSON.</summary>
    public void Add(FillField field, ReadOnlyMemory<byte> value)
    {
        var members = _members;
        for (var depth = 0; depth < field.Path.Length - 1; depth++)
        {
            members = Below(members, field, depth).Members!;
        }

        members.Add(new Branch(field.Path[^1], field.MemberStarts[^1], value, null));
    }

    /// <summary>Adds the insertions of the members into the event.</summary>
    public void List(JsonTapeValue @event, List<SchemaDefault> insertions, ByteArena arena) =>
        List(_members, @event, insertions, arena);

    private static Branch Below(List<Branch> members, FillField field, int depth)
    {
        foreach (var member in members)
        {
            if (member.Members is not null && member.Name.AsSpan().SequenceEqual(field.Path[depth]))
            {
                return member;
            }
        }

        var added = new Branch(field.Path[depth], field.MemberStarts[depth], default, []);
        members.Add(added);
        return added;
    }

    private static void List(
        List<Branch> members, JsonTapeValue target, List<SchemaDefault> insertions, ByteArena arena)
    {
        foreach (var member in members)
        {
            var there = target[member.Name];
            if (there.Kind == JsonKind.None)
            {
                Write(member, arena);
                insertions.Add(new SchemaDefault(target.End - 1, target.Count == 0, arena.Take()));
            }
            else if (there.Kind == JsonKind.Object && member.Members is { } below)
            {
                List(below, there, insertions, arena);
            }
        }
    }

    private static void Write(Branch member, ByteArena arena)
    {
        arena.Write(member.Start);
        if (member.Members is not { } below)
        {
            arena.Write(member.Value.Span);
            return;
        }

        for (var index = 0; index < below.Count; index++)
        {
            arena.Write(index == 0 ? "{"u8 : ","u8);
            Write(below[index], arena);
        }

        arena.Write("}"u8);
    }

    private sealed record Branch(byte[] Name, byte[] Start, ReadOnlyMemory<byte> Value, List<Branch>? Members);
}

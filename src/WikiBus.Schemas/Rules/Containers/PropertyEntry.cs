using System.Text;

namespace WikiBus.Schemas.Rules.Containers;

/// <summary>A member name that a schema knows.</summary>
/// <param name="Name">The name.</param>
/// <param name="Schema">Its schema; null when it is only required.</param>
/// <param name="IsRequired">True if the member is required.</param>
/// <param name="DefaultMember">The member with its default as JSON, <c>"name":value</c>; null when there is
/// none.</param>
internal sealed record PropertyEntry(
    string Name, SchemaNode? Schema, bool IsRequired, ReadOnlyMemory<byte>? DefaultMember)
{
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>The default, completed by the defaults that its own schema has for its parts.</summary>
    public ReadOnlyMemory<byte>? DefaultMember { get; set; } = DefaultMember;
}

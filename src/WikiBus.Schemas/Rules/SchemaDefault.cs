namespace WikiBus.Schemas;

/// <summary>A missing member of an object that the schema has a <c>default</c> for.</summary>
/// <param name="ObjectEnd">Index in the text of the byte <c>}</c> that closes the object.</param>
/// <param name="ObjectIsEmpty">True if the object has no members: the first insertion needs no comma.</param>
/// <param name="MemberJson">The member as JSON, <c>"name":value</c>.</param>
public readonly record struct SchemaDefault(int ObjectEnd, bool ObjectIsEmpty, ReadOnlyMemory<byte> MemberJson);

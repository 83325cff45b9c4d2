namespace WikiBus.Storage;

/// <summary>
/// A record to append. The memory must stay unchanged until <see cref="AppendRequest.Completion"/> is done, also if the
/// append fails. All text is UTF-8.
/// </summary>
public sealed class RecordDraft
{
    /// <summary>The stream's name, <c>[A-Za-z0-9._-]{1,200}</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>The payload, byte for byte as it is kept.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What order is kept for; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The channel, <c>event://{wiki}/{path}</c>, at most 1 KiB.</summary>
    public ReadOnlyMemory<byte> Channel { get; init; }

    /// <summary>The payload's media type; empty means <c>application/json</c>.</summary>
    public ReadOnlyMemory<byte> ContentType { get; init; }

    /// <summary>The event's id (<c>meta.id</c>); empty when it has none.</summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>Ordered names and values, encoded by <see cref="AttributeWriter"/>; at most 16 KiB.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>
    /// For a JSON payload the index of the byte <c>}</c> that closes the top-level member <c>meta</c>; else -1.
    /// </summary>
    public int MetaEnd { get; init; } = -1;

    /// <summary>How a repeat is recognised.</summary>
    public RecordIdentity Identity { get; init; }
}

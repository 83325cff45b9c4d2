namespace WikiBus.Storage;

/// <summary>
/// A record as the log holds it. The memory belongs to the <see cref="RecordBatch"/> that it was read into and is valid
/// until that batch is read into again or disposed.
/// </summary>
public readonly struct LogRecord
{
    /// <summary>The record's number in the whole log: increasing, holes allowed.</summary>
    public required long Position { get; init; }

    /// <summary>The stream's name (one string instance per name and log).</summary>
    public required string Stream { get; init; }

    /// <summary>The record's number in its stream, from 0.</summary>
    public required long Offset { get; init; }

    /// <summary>The time of the append by the server's clock, Unix ms.</summary>
    public required long TimeMs { get; init; }

    /// <summary>See <see cref="RecordDraft.Key"/>.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>See <see cref="RecordDraft.Channel"/>.</summary>
    public required ReadOnlyMemory<byte> Channel { get; init; }

    /// <summary>See <see cref="RecordDraft.ContentType"/>.</summary>
    public required ReadOnlyMemory<byte> ContentType { get; init; }

    /// <summary>See <see cref="RecordDraft.Id"/>.</summary>
    public required ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>Read with <see cref="AttributeReader"/>.</summary>
    public required ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>See <see cref="RecordDraft.MetaEnd"/>.</summary>
    public required int MetaEnd { get; init; }

    /// <summary>The payload, byte for byte as it was appended.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}

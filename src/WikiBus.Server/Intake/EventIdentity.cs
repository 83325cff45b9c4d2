using System.Buffers.Binary;
using System.Security.Cryptography;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>By what the log recognises a repeat of an event.</summary>
internal static class EventIdentity
{
    /// <summary>The longest <c>meta.id</c> in bytes; an event with a longer one is an <c>error</c>.</summary>
    public const int IdBytesMax = 512;

    /// <summary>
    /// The identity of an event. The hash is SHA-256, cut to 128 bits: whoever may publish could, with a hash that
    /// lets collisions be made, prepare an event that makes the log take another one for its repeat. On processors
    /// with SHA instructions it costs less than parsing the same bytes.
    /// </summary>
    /// <param name="received">The event as it was received, before anything was filled in.</param>
    /// <param name="id">Its <c>meta.id</c>; empty when it has none: then it is always new.</param>
    /// <param name="dt">Its <c>meta.dt</c>; empty when it has none.</param>
    public static RecordIdentity Of(ReadOnlySpan<byte> received, ReadOnlySpan<byte> id, ReadOnlySpan<byte> dt)
    {
        if (id.IsEmpty)
        {
            return new RecordIdentity(IdentityRule.AlwaysNew, UInt128.Zero, 0);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(received, hash);
        var time = EventTime.ReadUuidMs(id);
        return new RecordIdentity(
            IdentityRule.IdAndContent, BinaryPrimitives.ReadUInt128LittleEndian(hash),
            time == 0 ? EventTime.ReadMs(dt) : time);
    }
}

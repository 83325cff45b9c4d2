using System.IO.Hashing;
using WikiBus.Server.Intake.Filling;
using WikiBus.Storage;

namespace WikiBus.Server.Intake.Judging;

/// <summary>The identity of an event, by which the log recognises a repeat.</summary>
internal static class EventIdentity
{
    /// <summary>The longest <c>meta.id</c> in bytes; an event with a longer one is an <c>error</c>.</summary>
    public const int IdBytesMax = 512;

    /// <summary>
    /// The identity of an event. The hash is XXH3 of 128 bits, seeded with the log's secret number, so that no
    /// publisher can prepare an event that the log takes for a repeat of another one.
    /// </summary>
    /// <param name="received">The event as it came, before members were filled in.</param>
    /// <param name="id">Its <c>meta.id</c>; empty when it has none: such an event is always new.</param>
    /// <param name="dt">Its <c>meta.dt</c>; empty when it has none.</param>
    /// <param name="seed"><see cref="EventLog.HashSeed"/>.</param>
    public static RecordIdentity Of(
        ReadOnlySpan<byte> received, ReadOnlySpan<byte> id, ReadOnlySpan<byte> dt, ulong seed)
    {
        if (id.IsEmpty)
        {
            return new RecordIdentity(IdentityRule.AlwaysNew, UInt128.Zero, 0);
        }

        var time = EventTime.ReadUuidMs(id);
        return new RecordIdentity(
            IdentityRule.IdAndContent, XxHash128.HashToUInt128(received, unchecked((long)seed)),
            time == 0 ? EventTime.ReadMs(dt) : time);
    }
}

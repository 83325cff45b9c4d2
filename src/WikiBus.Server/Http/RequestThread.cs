using System.Buffers;
using System.Runtime.CompilerServices;

namespace WikiBus.Server.Http;

/// <summary>
/// In which thread a request runs. The few threads that wait for sockets run a brief post of events themselves, from
/// its first byte to the log, and the log's writer answers it: a turn through the thread pool costs as much as judging
/// an event. All else goes on in the thread pool, so that nobody who takes long keeps other connections waiting.
/// </summary>
internal static class RequestThread
{
    /// <summary>Most bytes of a brief request: its work is done within a fraction of a millisecond.</summary>
    public const int BriefBytesMax = 16 * 1024;

    /// <summary>This thread is for work of any length.</summary>
    public static bool IsOfPool => Thread.CurrentThread.IsThreadPoolThread;

    private static ReadOnlySpan<byte> BriefStart => "POST /v1/events"u8;

    /// <summary>What a connection received may be a brief request; its handler looks closer.</summary>
    public static bool MayBeBrief(in ReadOnlySequence<byte> received) =>
        received.Length <= BriefBytesMax && received.FirstSpan.StartsWith(BriefStart);

    /// <summary>
    /// Who awaits this goes on in the thread pool, and at once if it is there already. No task: the pool might end that
    /// before the caller looks at it, who then would stay.
    /// </summary>
    public static ConfiguredTaskAwaitable EnterPoolAsync() => Task.CompletedTask.ConfigureAwait(
        IsOfPool ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);
}

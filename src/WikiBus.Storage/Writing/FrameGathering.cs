using System.Runtime.InteropServices;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Lets requests join a frame. A flush costs the same for few bytes as for many, so while several requests share small
/// frames, which says that more are on their way, the writer waits a moment before it takes the next one. A request
/// that comes alone, and frames that are large by themselves, never wait.
/// </summary>
internal sealed partial class FrameGathering
{
    /// <summary>Less than a flush takes; the system adds its timer's slack of about 50 µs.</summary>
    private const uint WaitMicroseconds = 100;

    private const int RequestsMin = 4;
    private const int BytesMax = 32 * 1024;

    /// <summary>More requests are on their way, and the frame that was taken last was small.</summary>
    public bool IsWorthWaiting { get; private set; }

    /// <summary>Called before a frame is taken.</summary>
    public void Wait()
    {
        if (IsWorthWaiting)
        {
            _ = Sleep(WaitMicroseconds);
        }
    }

    /// <summary>A frame was taken.</summary>
    public void Took(PendingFrame frame) => IsWorthWaiting = OperatingSystem.IsLinux()
        && frame.Requests.Count >= RequestsMin && frame.Buffer.BodyLength <= BytesMax;

    // The framework's own waits count in milliseconds.
    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}

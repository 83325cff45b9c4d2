using Microsoft.Win32.SafeHandles;

namespace WikiBus.Server.Commands.Client;

/// <summary>
/// Keeps the descriptors of standard streams that the caller closed (<c>1&gt;&amp;-</c>). Otherwise the next file or
/// connection gets the number, and the output, such as a secret, would be written there.
/// </summary>
internal static class ClosedStreams
{
    private const int LastDescriptor = 2;

    private static readonly List<SafeFileHandle> s_kept = [];

    /// <summary>Opens them for reading only, so that each write to them still fails.</summary>
    public static void Keep()
    {
        do
        {
            s_kept.Add(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }
        while (s_kept[^1].DangerousGetHandle() <= LastDescriptor);
        s_kept[^1].Dispose();
    }
}

using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>Damages a running server's log on disk, as a failing disk would.</summary>
internal static class LogDamage
{
    private const int BytesLookedAtMax = 1 << 20;
    private const int SegmentHeaderBytes = 96;

    /// <summary>Changes the first frame of the first segment, which lists the streams.</summary>
    public static async Task InFirstFrameAsync(RunningServer server)
    {
        var first = Directory.GetFiles(Path.Combine(server.DataDirectory, "log"), "*.segment").Min()!;
        await using var file = new FileStream(first, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = SegmentHeaderBytes;
        await file.WriteAsync(new byte[8], TestTime.Token());
    }

    /// <summary>
    /// Changes one byte where a text first appears. Restarts the server before that, since it would serve the newest
    /// records from its memory.
    /// </summary>
    public static async Task AtAsync(RunningServer server, string text)
    {
        await server.RestartAsync();
        foreach (var path in Directory.GetFiles(Path.Combine(server.DataDirectory, "log"), "*.segment"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var bytes = new byte[BytesLookedAtMax];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, TestTime.Token());
            var place = bytes.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(text));
            if (place >= 0)
            {
                file.Position = place;
                file.WriteByte((byte)'X');
                return;
            }
        }

        throw new InvalidOperationException($"'{text}' is not in the log.");
    }
}

using System.Globalization;
using WikiBus.Storage;

namespace WikiBus.Server.Hosting.Connections;

/// <summary>
/// Divides the file descriptors that the system gives the process. A process without a spare one cannot read its log,
/// and the runtime may even abort it. So connections never get the last ones.
/// </summary>
/// <param name="Limit">Descriptors that the process may have open.</param>
internal sealed record DescriptorBudget(int Limit)
{
    /// <summary>With fewer descriptors the process does not start.</summary>
    public const int LimitMin = 512;

    /// <summary>
    /// For everything that does not grow with its clients: the program's files (about 220), the log, the database,
    /// schemas that are fetched.
    /// </summary>
    private const int OwnMax = 384;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitsLine = "Max open files";

    /// <summary>Id files of the log that may be open.</summary>
    public int IdFilesMax => Math.Min(new EventLogOptions().IdFilesOpenMax, (Limit - OwnMax) / 4);

    /// <summary>Connections that may be open.</summary>
    public int ConnectionsMax => Limit - OwnMax - IdFilesMax;

    /// <summary>False if the process must not start.</summary>
    public bool IsEnough => Limit >= LimitMin;

    /// <summary>
    /// What the system gives this process. The runtime has already raised the limit as far as the system allows.
    /// </summary>
    public static DescriptorBudget OfProcess() =>
        new(File.Exists(LimitsFile) ? Read(File.ReadLines(LimitsFile)) : int.MaxValue);

    /// <summary>The limit that a file such as <c>/proc/self/limits</c> shows.</summary>
    public static int Read(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(static line => line.StartsWith(LimitsLine, StringComparison.Ordinal));
        var soft = line?[LimitsLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : int.MaxValue;
    }
}

namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// Decides which of the unsynced changes a power loss leaves on the disk. All choices come from one seed.
/// </summary>
internal sealed class Survival(Random random)
{
    private const int SectorBytes = 512;

    private readonly Style _style = (Style)random.Next(4);

    private enum Style
    {
        Nothing,
        Everything,
        WholeChanges,
        TornChanges,
    }

    public bool Keeps() => _style switch
    {
        Style.Nothing => false,
        Style.Everything => true,
        _ => random.Next(2) == 0,
    };

    /// <summary>
    /// Applies what is left of a change of a file: all, nothing, some of its sectors, or its first bytes.
    /// </summary>
    public void Apply(FileImage image, FileChange change)
    {
        if (_style == Style.TornChanges && change.Bytes is { Length: > 0 } bytes)
        {
            ApplyTorn(image, (int)change.Offset, bytes);
        }
        else if (Keeps())
        {
            image.Apply(change);
        }
    }

    private void ApplyTorn(FileImage image, int offset, byte[] bytes)
    {
        switch (random.Next(3))
        {
            case 0:
                image.Write(offset, bytes.AsSpan(0, random.Next(bytes.Length + 1)));
                break;
            case 1:
                // The length can reach the disk without the bytes: then the bytes are zero.
                image.SetLength(Math.Max(image.Length, offset + bytes.Length));
                break;
            default:
                ApplySectors(image, offset, bytes);
                break;
        }
    }

    private void ApplySectors(FileImage image, int offset, byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var end = Math.Min(bytes.Length, start + SectorBytes - ((offset + start) % SectorBytes));
            if (random.Next(2) == 0)
            {
                image.Write(offset + start, bytes.AsSpan(start, end - start));
            }

            start = end;
        }
    }
}

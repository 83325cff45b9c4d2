namespace WikiBus.Storage.Tests.Simulation;

/// <summary>Makes calls of some kinds fail. Counted over the calls that it matches, from its injection on.</summary>
internal sealed class DiskFault
{
    private int _matches;

    public required DiskCall Calls { get; init; }

    /// <summary>The first matching call that fails, from 1.</summary>
    public int First { get; init; } = 1;

    /// <summary>
    /// After the first failure, the distance to the next one, in calls; 1: all fail; 0: no other fails.
    /// </summary>
    public int Every { get; init; }

    /// <summary>Which paths it concerns; null: all.</summary>
    public Func<string, bool>? Where { get; init; }

    /// <summary>How many calls it made fail.</summary>
    public int Strikes { get; private set; }

    public bool Hits(DiskCall call, string path)
    {
        if ((Calls & call) == 0 || (Where is not null && !Where(path)))
        {
            return false;
        }

        _matches++;
        var hit = _matches == First || (Every > 0 && _matches > First && (_matches - First) % Every == 0);
        Strikes += hit ? 1 : 0;
        return hit;
    }
}

using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// Several writers on a state store that is interrupted again and again. Every round opens what the last one left,
/// checks
/// it against what the writers were told, and writes on.
/// </summary>
internal sealed class StateWorkload(int seed, string? ignoredFlush = null) : InterruptedWorkload(seed, ignoredFlush)
{
    private const int CommitsPerRound = 20;

    private static readonly StateStoreOptions s_options = new() { RotateBytesMin = 1500, InlineValueBytesMax = 32 };

    private readonly FakeTimeProvider _time = new();
    private readonly StateOwner[] _owners = [new(0), new(1), new(2)];

    protected override int CallsPerRoundMax => 150;

    protected override async Task WriteAsync(SimulatedDisk disk, int writerSeed)
    {
        await using var store = Open(disk);
        await Task.WhenAll(_owners.Select((owner, number) =>
            WriteAsync(disk, store, owner, new Random(writerSeed + number))));
    }

    protected override async Task CheckAsync(SimulatedDisk disk)
    {
        await using var store = Open(disk);
    }

    private StateStore Open(SimulatedDisk disk)
    {
        var store = StateStore.Open("/data/state", s_options, disk, _time);
        foreach (var owner in _owners)
        {
            owner.Check(store);
        }

        var (shared, sum) = (StateOwner.SharedCount(store), _owners.Sum(owner => owner.Count));
        DurabilityFault.Unless(
            shared == sum, $"the shared count is {shared} and the writers' are {sum}: a batch was torn");
        return store;
    }

    private static async Task WriteAsync(SimulatedDisk disk, StateStore store, StateOwner owner, Random random)
    {
        for (var i = 0; i < CommitsPerRound; i++)
        {
            try
            {
                await owner.CommitAsync(store, random, WaitMax);
            }
            catch (IOException) when (!disk.PowerIsOff)
            {
                // A call was made to fail. The store must mend itself, and what it acknowledges from now on must last.
            }
        }
    }
}

using System.Net;

namespace WikiBus.Benchmarks;

/// <summary>Many subscribers of one stream in this process.</summary>
internal sealed class Swarm : IDisposable
{
    private const int ConnectingMax = 64;

    private readonly List<SwarmMember> _members = [];

    private Swarm()
    {
    }

    public long Received => _members.Sum(static member => member.Received);

    /// <summary>The events that every subscriber has at least.</summary>
    public long Fewest => _members.Min(static member => member.Received);

    /// <summary>The events that the first of the subscribers has.</summary>
    public long Most => _members.Max(static member => member.Received);

    public static async Task<Swarm> ConnectAsync(
        Uri server, string target, int count, LatencyTable? latencies, bool isReading = true)
    {
        var swarm = new Swarm();
        var end = new IPEndPoint(IPAddress.Loopback, server.Port);
        swarm._members.AddRange(Enumerable.Range(0, count).Select(_ => new SwarmMember(end, target, latencies)));
        await Parallel.ForEachAsync(
            swarm._members,
            new ParallelOptions { MaxDegreeOfParallelism = ConnectingMax },
            async (member, _) => await member.ConnectAsync());
        foreach (var member in isReading ? swarm._members : [])
        {
            _ = member.ReadAsync();
        }

        return swarm;
    }

    public void Dispose() => _members.ForEach(static member => member.Dispose());
}

using System.Net;

namespace WikiBus.Benchmarks;

/// <summary>Many subscribers of one stream in this process, read by one thread.</summary>
internal sealed class Swarm : IDisposable
{
    private const int ConnectingMax = 16;
    private const int ReadMax = 256;
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(100);

    private readonly SwarmMember[] _members;
    private readonly Thread _thread;
    private volatile bool _isDisposed;

    private Swarm(SwarmMember[] members)
    {
        _members = members;
        _thread = new Thread(Read) { IsBackground = true, Name = "swarm" };
    }

    public long Received => _members.Sum(static member => member.Received);

    /// <summary>The events that every subscriber has at least.</summary>
    public long Fewest => _members.Min(static member => member.Received);

    /// <summary>The events that the first of the subscribers has.</summary>
    public long Most => _members.Max(static member => member.Received);

    public static Swarm Connect(
        Uri server, string target, int count, LatencyTable? latencies, bool isReading = true)
    {
        var end = new IPEndPoint(IPAddress.Loopback, server.Port);
        var swarm = new Swarm([.. Enumerable.Range(0, count).Select(_ => new SwarmMember(end, target, latencies))]);
        Parallel.ForEach(
            swarm._members,
            new ParallelOptions { MaxDegreeOfParallelism = ConnectingMax },
            static member => member.Connect());
        if (isReading)
        {
            swarm._thread.Start();
        }

        return swarm;
    }

    public void Dispose()
    {
        _isDisposed = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        Array.ForEach(_members, static member => member.Dispose());
    }

    private void Read()
    {
        using var ready = new ReadySockets();
        for (var index = 0; index < _members.Length; index++)
        {
            ready.Watch(_members[index].Socket, index);
        }

        var keys = new int[ReadMax];
        while (!_isDisposed)
        {
            foreach (var key in keys.AsSpan(0, ready.Wait(s_lookInterval, keys)))
            {
                if (!_members[key].Read())
                {
                    ready.Forget(_members[key].Socket);
                }
            }
        }
    }
}

using System.Net;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// Secrets that wait for their slow hash. Networks take turns, so that a network with many guesses delays only itself.
/// Not safe for concurrent use.
/// </summary>
internal sealed class SecretQueue
{
    /// <summary>Most secrets of one network that wait.</summary>
    public const int CountPerNetworkMax = 8;

    /// <summary>Most secrets that wait in all.</summary>
    public const int CountMax = 1_024;

    private readonly Dictionary<IPAddress, Queue<WaitingSecret>> _ofNetwork = [];

    /// <summary>The networks in <see cref="_ofNetwork"/>, the next one first.</summary>
    private readonly Queue<IPAddress> _turns = new();

    private int _count;

    /// <summary>False if a limit is reached.</summary>
    public bool TryAdd(IPAddress network, WaitingSecret secret)
    {
        var known = _ofNetwork.GetValueOrDefault(network);
        if (_count >= CountMax || known?.Count >= CountPerNetworkMax)
        {
            return false;
        }

        if (known is null)
        {
            _ofNetwork[network] = known = new Queue<WaitingSecret>();
            _turns.Enqueue(network);
        }

        known.Enqueue(secret);
        _count++;
        return true;
    }

    /// <summary>The oldest secret of the network whose turn it is; null if none waits.</summary>
    public WaitingSecret? Take()
    {
        if (!_turns.TryDequeue(out var network))
        {
            return null;
        }

        var secrets = _ofNetwork[network];
        var secret = secrets.Dequeue();
        _count--;
        if (secrets.Count > 0)
        {
            _turns.Enqueue(network);
        }
        else
        {
            _ofNetwork.Remove(network);
        }

        return secret;
    }
}

/// <summary>A secret that waits for its slow hash.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Place">Where its hash will be remembered.</param>
internal sealed record WaitingSecret(string Secret, string Place)
{
    /// <summary>Gets the hash. All requests that send this secret wait for it.</summary>
    public TaskCompletionSource<byte[]> Hash { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

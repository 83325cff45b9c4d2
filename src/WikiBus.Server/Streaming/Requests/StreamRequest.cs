using System.Net;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>A valid request for streams.</summary>
internal sealed record StreamRequest
{
    /// <summary>The streams by their own names (aliases resolved), each once, in the order asked for.</summary>
    public required IReadOnlyList<string> Streams { get; init; }

    public required StreamFormat Format { get; init; }

    public required StreamView View { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The client's network, for the limits per address.</summary>
    public IPAddress Network { get; init; } = IPAddress.None;

    /// <summary>Time of append of the first record wanted, Unix ms; null: from now on.</summary>
    public long? SinceMs { get; init; }

    /// <summary>Time of append at which the stream ends, Unix ms; null: no end.</summary>
    public long? UntilMs { get; init; }

    /// <summary>What the client sent as its last id; null when it sent none.</summary>
    public IReadOnlyList<ResumeEntry>? Resume { get; init; }
}

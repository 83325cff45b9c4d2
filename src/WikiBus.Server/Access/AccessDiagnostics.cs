namespace WikiBus.Server.Access;

/// <summary>Log messages of access. They name ids of keys, never secrets.</summary>
internal static partial class AccessDiagnostics
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Key {KeyId} was created by {CallerId}")]
    public static partial void Created(ILogger logger, string keyId, string callerId);

    [LoggerMessage(Level = LogLevel.Information, Message = "What key {KeyId} may do was replaced by {CallerId}")]
    public static partial void Replaced(ILogger logger, string keyId, string callerId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Key {KeyId} got a new secret by {CallerId}")]
    public static partial void Rotated(ILogger logger, string keyId, string callerId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Key {KeyId} was revoked by {CallerId}")]
    public static partial void Revoked(ILogger logger, string keyId, string callerId);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Requests for the host {Host} from a trusted network are not trusted. If this is a name of this server, add it "
        + "to Access:TrustedHosts. Otherwise a page in a browser may be trying to read private streams")]
    public static partial void StrangeHost(ILogger logger, string host);
}

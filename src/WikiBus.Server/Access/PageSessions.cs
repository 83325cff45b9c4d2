using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access;

/// <summary>
/// Sessions of the page, so that a person on the server's machine needs no key: <c>serve</c> shows a one-time link, and
/// the link's token buys a session, which is a cookie. A session reads all streams. It ends after
/// <see cref="SessionTime"/> or with the process. Safe for concurrent use.
/// </summary>
internal sealed class PageSessions(PublicRules publicRules, TimeProvider time)
{
    /// <summary>The query parameter of a link that has its token.</summary>
    public const string TokenParameter = "token";

    /// <summary>A token that is not used within this time is void.</summary>
    public static readonly TimeSpan TokenTime = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan SessionTime = TimeSpan.FromHours(12);

    /// <summary>Most sessions. A further one ends the oldest.</summary>
    public const int CountMax = 16;

    private const string Cookie = "wikibus-session";
    private const int TokenBytes = 16;

    /// <summary>The id of a session's caller. No key can have it.</summary>
    public const string CallerId = "page.session";

    private readonly Lock _lock = new();

    /// <summary>The oldest first.</summary>
    private readonly List<PageSession> _sessions = [];

    private byte[]? _token;
    private long _tokenMadeAt;

    /// <summary>
    /// The cookie that has a session's secret. Its name includes the port: browsers send the cookies of a host to all
    /// its ports, so the servers of one machine would replace each other's.
    /// </summary>
    public static string CookieFor(HttpRequest request) =>
        TrustedHosts.Of(request).Port is { } port ? $"{Cookie}-{port}" : Cookie;

    /// <summary>Makes a token. The one before it is void.</summary>
    public string MakeToken()
    {
        var token = MakeSecret();
        lock (_lock)
        {
            _token = Encoding.UTF8.GetBytes(token);
            _tokenMadeAt = time.GetTimestamp();
        }

        return token;
    }

    /// <summary>Makes a session for a token, and returns the session's secret; null if the token is void.</summary>
    public string? Open(string token)
    {
        lock (_lock)
        {
            if (_token is not { } valid || time.GetElapsedTime(_tokenMadeAt) >= TokenTime || !IsEqual(valid, token))
            {
                return null;
            }

            _token = null;
            var secret = MakeSecret();
            var caller = new Caller(CallerId, Role.Read, Grant.All, publicRules);
            caller.EndAt(time.GetUtcNow() + SessionTime, time);
            _sessions.Add(new PageSession(Encoding.UTF8.GetBytes(secret), caller));
            if (_sessions.Count > CountMax)
            {
                _sessions[0].Caller.Revoke();
                _sessions.RemoveAt(0);
            }

            return secret;
        }
    }

    /// <summary>The caller of the session with this secret; null if there is none, or if it has ended.</summary>
    public Caller? Find(string secret)
    {
        lock (_lock)
        {
            var caller = _sessions.Find(session => IsEqual(session.Secret, secret))?.Caller;
            return caller?.Roles == Role.Read ? caller : null;
        }
    }

    private static string MakeSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    private static bool IsEqual(byte[] secret, string presented) =>
        CryptographicOperations.FixedTimeEquals(secret, Encoding.UTF8.GetBytes(presented));

    private sealed record PageSession(byte[] Secret, Caller Caller);
}

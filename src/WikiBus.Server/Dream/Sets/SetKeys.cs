using System.Security.Cryptography;

namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// The location of a set, which names it in its URI, and its access key. Clients may choose both.
/// </summary>
internal static class SetKeys
{
    public const string Allowed = "1 to 64 letters, digits, '-', '_', '.' and '~', but not '.' or '..'";

    private const int LengthMax = 64;
    private const int LocationLength = 8;
    private const int AccessKeyLength = 24;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Is it one segment of a URI that no client changes?</summary>
    public static bool IsValid(string key) =>
        key.Length is > 0 and <= LengthMax && key is not ("." or "..")
        && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~');

    public static string MakeLocation() => RandomNumberGenerator.GetString(Alphabet, LocationLength);

    public static string MakeAccessKey() => RandomNumberGenerator.GetString(Alphabet, AccessKeyLength);
}

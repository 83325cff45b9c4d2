using System.Globalization;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Names of the files of a log. A segment's name has its number and first position, so that the log opens without
/// reading all segments.
/// </summary>
internal static class SegmentName
{
    public const string Extension = ".segment";
    public const string IndexExtension = ".index";
    public const string IdsExtension = ".ids";

    /// <summary>Held open by the process that has the log open.</summary>
    public const string Lock = "lock";

    /// <summary>A file that is not in use yet; deleted when the log is opened.</summary>
    public const string NewExtension = ".new";

    public static string Of(long number, long firstPosition) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D8}-{firstPosition:D20}{Extension}");

    /// <summary>
    /// A segment's name while a repair moves files: it parses as <see cref="Of"/>, and is equal to no such name.
    /// </summary>
    public static string OfMoved(long number, long firstPosition) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}-{firstPosition}{Extension}");

    public static string OfIndex(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D8}{IndexExtension}");

    public static string OfIds(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D8}{IdsExtension}");

    public static string OfNew(string purpose) => purpose + NewExtension;

    /// <summary>The number that an index or id file belongs to.</summary>
    public static bool TryParseCompanion(string name, out long number)
    {
        number = 0;
        var extension = Path.GetExtension(name);
        return extension is IndexExtension or IdsExtension
            && long.TryParse(name.AsSpan(0, name.Length - extension.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out number);
    }

    public static bool TryParse(string name, out long number, out long firstPosition)
    {
        number = firstPosition = 0;
        if (!name.EndsWith(Extension, StringComparison.Ordinal))
        {
            return false;
        }

        var stem = name.AsSpan(0, name.Length - Extension.Length);
        var dash = stem.IndexOf('-');
        return dash > 0
            && long.TryParse(stem[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && long.TryParse(stem[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out firstPosition);
    }
}

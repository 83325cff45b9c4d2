using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Server.Intake.Settings;

/// <summary>A request header and the member that it fills.</summary>
/// <param name="Header">The header's name.</param>
/// <param name="Path">The names from the event down to the member; at least two.</param>
internal sealed record HeaderField(string Header, IReadOnlyList<string> Path)
{
    /// <summary>Longest value in characters; longer ones are cut, as in EventGate.</summary>
    public const int ValueCharsMax = 400;

    /// <summary>Reads <c>HEADER=PATH.TO.MEMBER</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HeaderField? field)
    {
        field = null;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return false;
        }

        var path = text[(equals + 1)..].Split('.');
        if (path.Length < 2 || path.Any(static name => name.Length == 0))
        {
            return false;
        }

        field = new HeaderField(text[..equals].Trim(), path);
        return true;
    }
}

using System.Text;
using System.Text.Json;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Filling;

/// <summary>One member that events of a schema get when they lack it.</summary>
internal sealed class FillField(FillSource source, int header, params IEnumerable<string> path)
{
    public FillSource Source { get; } = source;

    /// <summary>The index in <see cref="IntakeOptions.HeaderFields"/>; -1 for other sources.</summary>
    public int Header { get; } = header;

    /// <summary>The names from the event down to the member, as UTF-8.</summary>
    public byte[][] Path { get; } = [.. path.Select(Encoding.UTF8.GetBytes)];

    /// <summary>True for a member of <c>meta</c> or of an object in it.</summary>
    public bool IsInMeta { get; } = path.First() == "meta" && path.Skip(1).Any();

    /// <summary>The same names as JSON with the colon: <c>"meta":</c>.</summary>
    public byte[][] MemberStarts { get; } =
        [.. path.Select(static name => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(name) + ":"))];
}

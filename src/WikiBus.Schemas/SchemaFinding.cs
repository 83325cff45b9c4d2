namespace WikiBus.Schemas;

/// <summary>One fault that <see cref="SchemaChecker"/> found.</summary>
/// <param name="File">The file, relative to the folder that was checked.</param>
/// <param name="Place">The place in the file: <c>#</c>, or the example and the place in it, e.g.
/// <c>#/examples/0.meta.dt</c>.</param>
/// <param name="Message">What is wrong.</param>
public sealed record SchemaFinding(string File, string Place, string Message)
{
    /// <summary>File, place and message in one line.</summary>
    public override string ToString() => $"{File} {Place}: {Message}";
}

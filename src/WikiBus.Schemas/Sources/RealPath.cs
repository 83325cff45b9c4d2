namespace WikiBus.Schemas.Sources;

/// <summary>
/// Resolves symbolic links in every part of a path: a linked folder, too, could lead out of the base.
/// </summary>
internal static class RealPath
{
    /// <summary>Most links in one path, so that a ring ends.</summary>
    private const int LinksMax = 32;

    /// <summary>The path without links; null when a part does not exist or the links do not end.</summary>
    public static string? Resolve(string fullPath)
    {
        var pending = new Stack<string>();
        Push(pending, fullPath);
        var resolved = "/";
        var links = 0;
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? "/";
                continue;
            }
            var next = Path.Join(resolved, name);
            var target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                resolved = next;
                continue;
            }
            if (++links > LinksMax)
            {
                return null;
            }

            resolved = Path.IsPathRooted(target) ? "/" : resolved;
            Push(pending, target);
        }
        return Path.Exists(resolved) ? resolved : null;
    }

    private static void Push(Stack<string> pending, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (name != ".")
            {
                pending.Push(name);
            }
        }
    }
}

namespace WikiBus.Server.Access.Rights;

/// <summary>The names of roles in commands and JSON.</summary>
internal static class RoleNames
{
    private static readonly (string Name, Role Role)[] s_names =
    [
        ("publish", Role.Publish), ("read", Role.Read), ("manage", Role.Manage), ("subscribe", Role.Subscribe),
        ("chain", Role.Chain),
    ];

    public static IEnumerable<string> All => s_names.Select(static entry => entry.Name);

    public static IReadOnlyList<string> Of(Role roles) =>
        [.. s_names.Where(entry => roles.HasFlag(entry.Role)).Select(static entry => entry.Name)];

    public static bool TryParse(IEnumerable<string> names, out Role roles)
    {
        roles = Role.None;
        foreach (var name in names)
        {
            var role = s_names.FirstOrDefault(entry => entry.Name == name).Role;
            if (role == Role.None)
            {
                return false;
            }

            roles |= role;
        }

        return true;
    }
}

using System.Reflection;

namespace WikiBus.Server.Commands.Client;

/// <summary>The version of this build, without the commit.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "0";
}

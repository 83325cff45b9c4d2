using System.Reflection;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;

namespace WikiBus.Producer.Tests.Packages;

/// <summary>The packages, made from the build that these tests belong to, in a folder that is a feed.</summary>
public sealed class PackedPackages : IDisposable
{
    // The packages of this machine, of which the build has the drivers of databases.
    private static readonly string s_packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private readonly string _folder = Directory.CreateTempSubdirectory("wikibus-packages-").FullName;
    private readonly Lazy<Task> _packing;

    /// <summary>Nothing is made yet.</summary>
    public PackedPackages() => _packing = new Lazy<Task>(PackAsync);

    private string Feed => Path.Combine(_folder, "feed");

    /// <summary>The files of the packages.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync()
    {
        await _packing.Value;
        return [.. Directory.EnumerateFiles(Feed).Order(StringComparer.Ordinal)];
    }

    /// <summary>Builds a new project that knows nothing but the feed.</summary>
    /// <param name="sdk">The SDK that the project uses.</param>
    /// <param name="package">The package that it references.</param>
    /// <param name="sources">The text of each source file.</param>
    public Task BuildProjectAsync(string sdk, string package, params string[] sources) =>
        BuildAsync(sdk, $"""<PackageReference Include="{package}" Version="*-*" />""", sources);

    /// <summary>Builds a new wiki that also has the driver of SQLite, which these tests use, too.</summary>
    /// <param name="sources">The text of each source file.</param>
    /// <returns>The folder of the project.</returns>
    public Task<string> BuildSqliteProjectAsync(params string[] sources)
    {
        var version = typeof(SqliteConnection).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        return BuildAsync(
            "Microsoft.NET.Sdk.Web",
            $"""
            <PackageReference Include="WikiBus.Producer" Version="*-*" />
                <PackageReference Include="Microsoft.Data.Sqlite" Version="{version}" />
            """,
            sources);
    }

    /// <summary>Builds a new wiki with Entity Framework and SQLite.</summary>
    /// <param name="sources">The text of each source file.</param>
    public Task BuildEntityFrameworkProjectAsync(params string[] sources)
    {
        const string Provider = "Microsoft.EntityFrameworkCore.Sqlite";
        var version = XDocument.Load(Path.Combine(DotNet.Root, "Directory.Packages.props")).Descendants()
            .Single(element => element.Attribute("Include")?.Value == Provider).Attribute("Version")!.Value;
        return BuildAsync(
            "Microsoft.NET.Sdk.Web",
            $"""
            <PackageReference Include="WikiBus.Producer.EntityFrameworkCore" Version="*-*" />
                <PackageReference Include="{Provider}" Version="{version}" />
            """,
            sources);
    }

    /// <summary>Deletes all of it.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> BuildAsync(string sdk, string references, string[] sources)
    {
        await _packing.Value;
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Wiki.csproj"), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreSources>{Feed}</RestoreSources>
                <RestoreFallbackFolders>{s_packages}</RestoreFallbackFolders>
                <RestorePackagesPath>{Path.Combine(_folder, "unpacked")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                {references}
              </ItemGroup>
            </Project>
            """);
        for (var i = 0; i < sources.Length; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"Source{i}.cs"), sources[i]);
        }

        await DotNet.RunAsync(folder, "build", "--verbosity", "quiet");
        return folder;
    }

    // The folder of the tests has the name of the configuration: debug or release.
    private Task PackAsync() => DotNet.RunAsync(
        DotNet.Root,
        "pack", "WikiBus.slnx", "--no-build", "--verbosity", "quiet", "--output", Feed,
        "--configuration", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
}

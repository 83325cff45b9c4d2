using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace WikiBus.Producer.Tests.Packages;

/// <summary>The packages for wikis, as somebody uses them who has only the packages.</summary>
public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    // Sends one event that is committed, and none that is rolled back, and ends when its outbox is empty.
    private const string OutboxProgram =
        """
        using Microsoft.Data.Sqlite;
        using WikiBus.Events.MediaWiki;
        using WikiBus.Producer;

        var source = SqliteFactory.Instance.CreateDataSource("Data Source=wiki.db");
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddWikiBusProducer(options =>
        {
            options.Wiki = new WikiOptions
                { Database = "wiki", ServerName = "wiki.example.org", CanonicalServer = "https://wiki.example.org" };
            options.Services["eventbus"] = new EventServiceOptions { Url = args[0] };
        }).AddWikiBusOutbox(OutboxDatabaseKind.Sqlite, _ => source);
        using var host = builder.Build();
        await host.StartAsync();

        foreach (var title in (string[])["Discarded", "Committed"])
        {
            await using var scope = host.Services.CreateAsyncScope();
            var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await scope.ServiceProvider.GetRequiredService<IOutbox>()
                .BeginTransactionAsync(connection);
            publisher.Publish(publisher.Events.PagePurge(
                publisher.NewContext(), new WikiPage { Id = 1, Title = title }));
            if (title == "Committed")
            {
                await transaction.CommitAsync();
            }
        }

        var administration = host.Services.GetRequiredService<IOutboxAdministration>();
        while ((await administration.GetLevelsAsync()).Count > 0)
        {
            await Task.Delay(50);
        }

        await host.StopAsync();
        """;

    [Fact]
    public async Task Packages_AreThoseForWikis()
    {
        var names = (await packages.FilesAsync()).Select(Path.GetFileNameWithoutExtension).ToList();
        names.Count.ShouldBe(3, string.Join(", ", names));
        names[0].ShouldStartWith("WikiBus.Events.");
        names[1].ShouldStartWith("WikiBus.Producer.0");
        names[2].ShouldStartWith("WikiBus.Producer.EntityFrameworkCore.");
    }

    [Theory]
    [InlineData("WikiBus.Events")]
    [InlineData("WikiBus.Producer", "WikiBus.Events")]
    [InlineData(
        "WikiBus.Producer.EntityFrameworkCore", "WikiBus.Producer", "Microsoft.EntityFrameworkCore.Relational")]
    public async Task Package_HasItsPartsAndNoOtherDependencies(string name, params string[] dependencies)
    {
        await using var package = await OpenAsync(name);
        var entries = package.Entries.Select(entry => entry.FullName).ToList();
        entries.ShouldContain("README.md");
        entries.Where(entry => entry.StartsWith("lib/", StringComparison.Ordinal))
            .ShouldBe([$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], ignoreOrder: true);

        await using var text = await package.GetEntry($"{name}.nuspec")!.OpenAsync();
        var nuspec = XDocument.Load(text);
        nuspec.Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value).ShouldBe(dependencies);
        foreach (var needed in (string[])["readme", "license", "description", "tags"])
        {
            nuspec.Descendants().ShouldContain(element => element.Name.LocalName == needed, needed);
        }
    }

    // It uses internals of WikiBus.Producer, which another version may not have.
    [Fact]
    public async Task PackageForEntityFramework_NeedsItsOwnVersionOfTheProducer()
    {
        await using var package = await OpenAsync("WikiBus.Producer.EntityFrameworkCore");
        await using var text = await package.GetEntry("WikiBus.Producer.EntityFrameworkCore.nuspec")!.OpenAsync();
        var elements = XDocument.Load(text).Descendants().ToList();
        var own = elements.Single(element => element.Name.LocalName == "version").Value;

        elements.Single(element => element.Attribute("id")?.Value == "WikiBus.Producer")
            .Attribute("version")!.Value.ShouldBe($"[{own}]");
    }

    [Theory]
    [InlineData("WikiBus.Events")]
    [InlineData("WikiBus.Producer")]
    [InlineData("WikiBus.Producer.EntityFrameworkCore")]
    public async Task Library_HasItsSymbols(string name)
    {
        await using var package = await OpenAsync(name);
        await using var library = await package.GetEntry($"lib/net10.0/{name}.dll")!.OpenAsync();
        var bytes = new MemoryStream();
        await library.CopyToAsync(bytes);
        bytes.Position = 0;
        using var image = new PEReader(bytes);
        image.ReadDebugDirectory().ShouldContain(part => part.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
    }

    [Fact]
    public async Task Readme_OfEvents_IsAProgram() => await packages.BuildProjectAsync(
        "Microsoft.NET.Sdk", "WikiBus.Events", SnippetsOf("src/WikiBus.Events/README.md").ShouldHaveSingleItem());

    [Fact]
    public async Task Readme_OfProducer_IsAProgram()
    {
        var statements = SnippetsOf("docs/producer.md");
        statements.ShouldNotBeEmpty();
        var programs = SnippetsOf("src/WikiBus.Producer/README.md");
        programs.Count.ShouldBe(2);
        await packages.BuildProjectAsync(
            "Microsoft.NET.Sdk.Web", "WikiBus.Producer", programs[0], Snippets.AsMethods(statements));
        await packages.BuildSqliteProjectAsync(programs[1]);
    }

    [Fact]
    public async Task Wiki_WithTheOutbox_SendsWhatItCommits()
    {
        await using var service = await StubService.StartAsync();
        var folder = await packages.BuildSqliteProjectAsync(OutboxProgram);

        await DotNet.RunAsync(folder, "run", "--no-build", "--", service.Url);

        var body = (await service.NextAsync()).Body;
        body.ShouldContain("Committed");
        body.ShouldNotContain("Discarded");
        service.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Readme_OfEntityFrameworkCore_IsAProgram()
    {
        var snippets = SnippetsOf("src/WikiBus.Producer.EntityFrameworkCore/README.md");
        snippets.Count.ShouldBe(2);
        await packages.BuildEntityFrameworkProjectAsync([.. snippets]);
    }

    private async Task<ZipArchive> OpenAsync(string name)
    {
        var files = await packages.FilesAsync();
        return await ZipFile.OpenReadAsync(
            files.Single(path => Path.GetFileName(path).StartsWith($"{name}.0", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> SnippetsOf(string document) =>
        Snippets.In(File.ReadAllText(Path.Combine(DotNet.Root, document)));
}

using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Hosting;

public sealed class DataFolderTests
{
    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode GroupToo = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    [Fact]
    public async Task FolderThatTheStartMakes_IsForItsOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no such modes on Windows.");
        await using var server = await RunningServer.StartAsync();

        File.GetUnixFileMode(server.DataDirectory).ShouldBe(OwnerOnly);
    }

    [Fact]
    public async Task FolderThatExists_KeepsItsMode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no such modes on Windows.");
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        File.SetUnixFileMode(server.DataDirectory, GroupToo);

        await server.StartAgainAsync();

        File.GetUnixFileMode(server.DataDirectory).ShouldBe(GroupToo);
    }
}

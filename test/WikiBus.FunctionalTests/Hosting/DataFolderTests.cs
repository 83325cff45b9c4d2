using System.Diagnostics;
using System.Numerics;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Hosting;

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

    [Fact]
    public async Task DataIsAFile_SaysThatItIsNoFolder()
    {
        using var directory = new TestDirectory();
        var file = directory.Combine("data");
        await File.WriteAllTextAsync(file, "", TestTime.Token());

        var fault = await Should.ThrowAsync<StartupException>(() => RunningServer.StartAsync(("Hosting:Data", file)));

        fault.ExitCode.ShouldBe(1);
        fault.Message.ShouldBe($"The data directory '{file}' cannot be used: it is not a folder.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogIsNoFolder_SaysWhatItIs(bool isLink)
    {
        Assert.SkipWhen(isLink && OperatingSystem.IsWindows(), "Windows users may not make links.");
        using var directory = new TestDirectory();
        var (log, target) = (directory.Combine("log"), directory.Combine("disk", "log"));
        if (isLink)
        {
            File.CreateSymbolicLink(log, target);
        }
        else
        {
            await File.WriteAllTextAsync(log, "", TestTime.Token());
        }

        var reason = isLink
            ? $"'{log}' is a link to '{target}', which does not exist. Bring that folder back, or remove the link."
            : $"'{log}' is not a folder. Move it away, or name another data directory.";
        var fault = await Should.ThrowAsync<StartupException>(
            () => RunningServer.StartAsync(("Hosting:Data", directory.FullPath)));
        fault.Message.ShouldBe($"The data directory '{directory.FullPath}' cannot be used: {reason}");
        var check = await WikiBusBinary.RunAsync(["log", "check", "--data", directory.FullPath]);
        check.ExitCode.ShouldBe(ExitCodes.Usage);
        check.Error.ShouldStartWith($"wikibus: {reason}");
    }

    [Fact]
    public async Task LogOfAnEarlierFormat_IsRefusedWithTheReason()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        var path = Directory.GetFiles(Path.Combine(server.DataDirectory, "log"), "*.segment").ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(path, TestTime.Token());

        // The version, and the header's checksum after it; docs/log-format.md has their places.
        bytes[8] = 1;
        BitConverter.TryWriteBytes(bytes.AsSpan(92), Crc32C(bytes.AsSpan(0, 92)));
        await File.WriteAllBytesAsync(path, bytes, TestTime.Token());

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--data", server.DataDirectory, "--listen", "http://127.0.0.1:0"]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"{path} is of an earlier format version than 2");
        (await File.ReadAllBytesAsync(path, TestTime.Token())).ShouldBe(bytes);
    }

    [Fact]
    public async Task AdminKeyThatIsAPipe_IsRefusedAndDoesNotHoldUpTheStart()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        var path = Path.Combine(server.DataDirectory, "admin.key");
        File.Delete(path);
        using (var make = Process.Start("mkfifo", [path]))
        {
            await make.WaitForExitAsync(TestTime.Token());
        }

        var refusal = await Should.ThrowAsync<StartupException>(server.StartAgainAsync());
        refusal.Message.ShouldContain("holds no admin key");
    }

    [Fact]
    public async Task RepairOfALogInUse_SaysWhoHoldsIt()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await WikiBusBinary.RunAsync(["log", "repair", "--data", server.DataDirectory]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith($"wikibus: Another wikibus runs on '{server.DataDirectory}': ");
    }

    [Theory]
    [InlineData("log")]
    [InlineData("data")]
    public async Task LockFilesThatWereDeletedOrMovedAway_StillKeepOthersOut(string what)
    {
        await using var server = await RunningServer.StartAsync();
        var log = Path.Combine(server.DataDirectory, "log");
        File.Delete(Path.Combine(log, "lock"));
        if (what == "data")
        {
            server.Errors.Expect("is not the directory that this log opened");
            Directory.Move(log, log + ".old");
        }

        var second = await WikiBusBinary.RunAsync(
            ["serve", "--data", server.DataDirectory, "--listen", "http://127.0.0.1:0"]);

        second.ExitCode.ShouldBe(1);
        second.Error.ShouldStartWith($"wikibus: Another wikibus runs on '{server.DataDirectory}': ");
    }

    [Fact]
    public async Task RepairAfterTheLockFileWasDeleted_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();
        File.Delete(Path.Combine(server.DataDirectory, "log", "lock"));

        var result = await WikiBusBinary.RunAsync(["log", "repair", "--data", server.DataDirectory]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith($"wikibus: Another wikibus runs on '{server.DataDirectory}': ");
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var item in bytes)
        {
            crc = BitOperations.Crc32C(crc, item);
        }

        return ~crc;
    }
}

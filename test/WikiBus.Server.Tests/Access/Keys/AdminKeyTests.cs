using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class AdminKeyTests
{
    [Fact]
    public void FirstStart_WritesAKeyThatOnlyItsOwnerReads()
    {
        using var directory = new TemporaryDirectory();
        var data = directory.Combine("data");
        var key = AdminKey.Open(data);
        key.Roles.ShouldBe(Role.Manage);
        Directory.GetFiles(data).ShouldHaveSingleItem().ShouldBe(Path.Combine(data, "admin.key"));
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(data, "admin.key"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void NextStart_TakesTheSameKey()
    {
        using var directory = new TemporaryDirectory();
        var first = AdminKey.Open(directory.FullPath);
        AdminKey.Open(directory.FullPath).Secrets[0].Hash.ShouldBe(first.Secrets[0].Hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("wb.other.secret")]
    public void FileWithoutAKey_IsRefused(string content)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Combine("admin.key"), content);
        Should.Throw<IOException>(() => AdminKey.Open(directory.FullPath));
    }
}

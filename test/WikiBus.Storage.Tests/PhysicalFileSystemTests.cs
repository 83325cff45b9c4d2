using System.Text;

namespace WikiBus.Storage.Tests;

public sealed class PhysicalFileSystemTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wikibus-").FullName;
    private readonly PhysicalFileSystem _files = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void BytesWrittenAndFlushed_AreReadBack()
    {
        var path = PathOf("file");
        using (var file = _files.Open(path, StorageFileMode.CreateNew))
        {
            file.Write(3, "abc"u8);
            file.Write(0, "xyz"u8);
            file.Flush("test");
            file.Length.ShouldBe(6);
        }

        _files.FlushDirectory(_directory, "test");
        using var again = _files.Open(path, StorageFileMode.Read);
        var buffer = new byte[10];
        again.Read(1, buffer).ShouldBe(5);
        Encoding.ASCII.GetString(buffer, 0, 5).ShouldBe("yzabc");
        again.Read(6, buffer).ShouldBe(0);
    }

    [Fact]
    public void SetLength_CutsAndFillsWithZeros()
    {
        using var file = _files.Open(PathOf("file"), StorageFileMode.CreateNew);
        file.Write(0, "abcdef"u8);
        file.SetLength(2);
        file.SetLength(4);
        file.Flush("test");
        var buffer = new byte[8];
        file.Read(0, buffer).ShouldBe(4);
        buffer[..4].ShouldBe([(byte)'a', (byte)'b', 0, 0]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/dev/shm")] // This one is in memory.
    public void PagesWritten_AreReadByEveryHandleWhateverTheFileIsCalled(string? parent)
    {
        if (parent is not null && !Directory.Exists(parent))
        {
            Assert.Skip($"This machine has no {parent}.");
        }

        var directory = Path.Combine(parent ?? _directory, $"wikibus-{Guid.NewGuid():N}");
        Directory.CreateDirectory(directory);
        try
        {
            ShouldReadWhatPagesSay(Path.Combine(directory, "file"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private void ShouldReadWhatPagesSay(string path)
    {
        using var file = _files.Open(path, StorageFileMode.CreateNew);
        file.Write(0, Enumerable.Repeat((byte)'a', 3 * PageBuffer.PageLength).ToArray());
        _files.Rename(path, path + "2");
        using var reader = _files.Open(path + "2", StorageFileMode.Read);
        var pages = new PageBuffer(2 * PageBuffer.PageLength);
        foreach (var letter in "bcd"u8)
        {
            var bytes = new byte[4 * PageBuffer.PageLength];
            reader.Read(0, bytes);
            pages.Bytes.Fill(letter);
            file.WritePages(PageBuffer.PageLength, pages.Bytes);
            file.Flush("test");
            reader.Read(0, bytes).ShouldBe(3 * PageBuffer.PageLength);
            bytes[..PageBuffer.PageLength].ShouldAllBe(value => value == 'a');
            bytes[PageBuffer.PageLength..(3 * PageBuffer.PageLength)].ShouldAllBe(value => value == letter);
            file.Write(PageBuffer.PageLength, "e"u8);
            reader.Read(PageBuffer.PageLength, bytes.AsSpan(0, 2)).ShouldBe(2);
            bytes[..2].ShouldBe([(byte)'e', letter]);
        }
    }

    [Fact]
    public void FileThatExists_IsNotCreatedAnew()
    {
        _files.Open(PathOf("file"), StorageFileMode.CreateNew).Dispose();
        Should.Throw<IOException>(() => _files.Open(PathOf("file"), StorageFileMode.CreateNew));
        Should.Throw<IOException>(() => _files.Open(PathOf("other"), StorageFileMode.Read));
        Should.Throw<IOException>(() => _files.Open(PathOf("other"), StorageFileMode.ReadWrite));
    }

    [Fact]
    public void Rename_ReplacesTheTarget()
    {
        WriteFile("a", "new");
        WriteFile("b", "old");
        _files.Rename(PathOf("a"), PathOf("b"));
        _files.ListFiles(_directory).ShouldBe(["b"]);
        File.ReadAllText(PathOf("b")).ShouldBe("new");
        Should.Throw<IOException>(() => _files.Rename(PathOf("a"), PathOf("c")));
    }

    [Fact]
    public void DeletingAMissingFile_DoesNothing()
    {
        WriteFile("a", "x");
        _files.Delete(PathOf("a"));
        _files.Delete(PathOf("a"));
        _files.Delete(PathOf("no/such/directory"));
        _files.FileExists(PathOf("a")).ShouldBeFalse();
    }

    [Fact]
    public void MissingDirectory_HasNoFilesAndCannotBeFlushed()
    {
        var missing = PathOf("missing");
        _files.ListFiles(missing).ShouldBeEmpty();
        Should.Throw<IOException>(() => _files.FlushDirectory(missing, "test")).Message.ShouldContain(missing);
        _files.CreateDirectory(Path.Combine(missing, "deep"));
        _files.FlushDirectory(missing, "test");
    }

    [Fact]
    public void LockedFile_IsFreeAgainAfterDispose()
    {
        var held = _files.Lock(PathOf("lock"));
        Should.Throw<IOException>(() => _files.Lock(PathOf("lock")));
        held.Dispose();
        _files.Lock(PathOf("lock")).Dispose();
    }

    [Fact]
    public void LockedDirectory_IsHeldWhateverIsDeletedInIt()
    {
        var held = _files.TryLockDirectory(_directory);
        Assert.SkipWhen(held is null, "this file system cannot lock directories");
        Should.Throw<IOException>(() => _files.TryLockDirectory(_directory)).Message.ShouldContain(_directory);
        held.Dispose();
        _files.TryLockDirectory(_directory)!.Dispose();
    }

    [Fact]
    public void Identity_BelongsToTheFileAndNotToItsPath()
    {
        WriteFile("a", "a");
        using var open = _files.Open(PathOf("a"), StorageFileMode.Read);
        var identity = _files.Identify(PathOf("a"));
        _files.Identify(PathOf("missing")).ShouldBeNull();
        _files.Rename(PathOf("a"), PathOf("b"));
        WriteFile("a", "a");
        _files.Identify(PathOf("b")).ShouldBe(identity);
        _files.Identify(PathOf("a")).ShouldNotBe(identity);
    }

    [Fact]
    public void FreeBytes_AreThoseOfTheVolume() => _files.FreeBytes(_directory).ShouldBeGreaterThan(0);

    [Fact]
    public void FullDisk_IsAnIOException()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        using var full = _files.Open("/dev/full", StorageFileMode.ReadWrite);
        Should.Throw<IOException>(() => full.Write(0, "x"u8));
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private void WriteFile(string name, string text) => File.WriteAllText(PathOf(name), text);
}

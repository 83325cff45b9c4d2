namespace WikiBus.Storage.Tests.Simulation;

/// <summary>The simulated disk must be as forgetful as it claims: else the suites on it prove nothing.</summary>
public sealed class SimulatedDiskTests
{
    private const int SeedCount = 64;
    private const string Directory = "/data";
    private const string FilePath = "/data/file";

    private readonly SimulatedDisk _disk = new();

    public SimulatedDiskTests()
    {
        _disk.CreateDirectory(Directory);
        _disk.FlushDirectory("/", "c");
    }

    [Fact]
    public void BytesAndNameFlushed_SurviveEveryCrash()
    {
        using var file = CreateDurable("kept"u8);
        foreach (var crashed in Crashes())
        {
            crashed.ReadAll(FilePath).ShouldBe("kept"u8.ToArray());
        }
    }

    [Fact]
    public void NameNotFlushed_IsLostInSomeCrashes()
    {
        using var file = _disk.Open(FilePath, StorageFileMode.CreateNew);
        file.Write(0, "x"u8);
        file.Flush("b");
        Crashes().Select(crashed => crashed.FileExists(FilePath)).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void DirectoryNotFlushed_IsLostInSomeCrashes()
    {
        _disk.CreateDirectory("/data/deep");
        using var file = _disk.Open("/data/deep/file", StorageFileMode.CreateNew);
        _disk.FlushDirectory("/data/deep", "c");
        Crashes().Select(crashed => crashed.FileExists("/data/deep/file")).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void WriteNotFlushed_SurvivesWhollyPartlyOrNotAtAll()
    {
        using var file = CreateDurable([]);
        file.Write(0, Enumerable.Repeat((byte)1, 2000).ToArray());
        var survivors = Crashes().Select(crashed => crashed.ReadAll(FilePath)).ToList();
        survivors.ShouldContain(bytes => bytes.Length == 0);
        survivors.ShouldContain(bytes => bytes.Count(value => value == 1) == 2000);
        survivors.ShouldContain(bytes => bytes.Length > 0 && bytes.Count(value => value == 1) < bytes.Length);
    }

    [Fact]
    public void CutNotFlushed_ComesBackInSomeCrashes()
    {
        using var file = CreateDurable("abcdef"u8);
        file.SetLength(2);
        Crashes().Select(crashed => crashed.ReadAll(FilePath).Length).Distinct().Order().ShouldBe([2, 6]);
    }

    [Fact]
    public void RenameNotFlushed_LeavesTheOldNameOrTheNewOne()
    {
        using var file = CreateDurable("x"u8);
        _disk.Rename(FilePath, "/data/renamed");
        Crashes().Select(crashed => string.Join(',', crashed.ListFiles(Directory))).Distinct().Order()
            .ShouldBe(["file", "renamed"]);
    }

    [Fact]
    public void FailedFlush_LeavesTheBytesInDoubtForGood()
    {
        using var file = CreateDurable([]);
        file.Write(0, "x"u8);
        _disk.Inject(new DiskFault { Calls = DiskCall.Flush });
        Should.Throw<IOException>(() => file.Flush("b"));
        file.Flush("b");
        Crashes().Select(crashed => crashed.ReadAll(FilePath).Length).Distinct().Order().ShouldBe([0, 1]);
    }

    [Fact]
    public void CutAfterAFailedFlush_IsDurable()
    {
        using var file = CreateDurable("abc"u8);
        file.Write(3, "def"u8);
        _disk.Inject(new DiskFault { Calls = DiskCall.Flush });
        Should.Throw<IOException>(() => file.Flush("b"));
        file.SetLength(3);
        file.Flush("b");
        foreach (var crashed in Crashes())
        {
            crashed.ReadAll(FilePath).ShouldBe("abc"u8.ToArray());
        }
    }

    [Fact]
    public void IgnoredFlush_IsTheNamedOneOnly()
    {
        using var file = CreateDurable([]);
        file.Write(0, "x"u8);
        file.Flush("a");
        _disk.IgnoredFlush = "a";
        file.Write(0, "y"u8);
        file.Flush("a");
        Crashes().ShouldContain(crashed => crashed.ReadAll(FilePath)[0] == 'x');
        file.Flush("b");
        Crashes().ShouldAllBe(crashed => crashed.ReadAll(FilePath)[0] == 'y');
    }

    [Fact]
    public void PowerCut_FailsThatCallAndAllThatFollow()
    {
        using var file = CreateDurable([]);
        _disk.PowerCutCall = _disk.CallCount + 2;
        file.Write(0, "x"u8);
        Should.Throw<PowerLossException>(() => file.Write(1, "y"u8));
        Should.Throw<PowerLossException>(() => file.Read(0, new byte[1]));
        Should.Throw<PowerLossException>(() => _disk.FileExists(FilePath));
        Crashes().Select(crashed => crashed.ReadAll(FilePath).Length).Max().ShouldBe(2);
    }

    [Fact]
    public void EveryNthFault_StrikesAtItsTurns()
    {
        using var file = CreateDurable([]);
        var fault = new DiskFault { Calls = DiskCall.Write, First = 2, Every = 3 };
        _disk.Inject(fault);
        var failed = Enumerable.Range(1, 9).Where(_ =>
        {
            try
            {
                file.Write(0, "x"u8);
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        });
        failed.ShouldBe([2, 5, 8]);
        fault.Strikes.ShouldBe(3);
    }

    [Fact]
    public void FullDisk_TakesWhatFitsAndWorksAgainWithSpace()
    {
        using var file = CreateDurable([]);
        _disk.CapacityBytes = 4;
        Should.Throw<IOException>(() => file.Write(0, "abcdef"u8));
        file.Length.ShouldBe(4);
        file.Write(0, "ABCD"u8);
        Should.Throw<IOException>(() => file.SetLength(5));
        _disk.CapacityBytes = 6;
        _disk.FreeBytes(Directory).ShouldBe(2);
        file.Write(4, "EF"u8);
        _disk.ReadAll(FilePath).ShouldBe("ABCDEF"u8.ToArray());
    }

    [Fact]
    public void Lock_IsHeldUntilDisposed()
    {
        var held = _disk.Lock("/data/lock");
        Should.Throw<IOException>(() => _disk.Lock("/data/lock"));
        held.Dispose();
        _disk.Lock("/data/lock").Dispose();
    }

    private IStorageFile CreateDurable(ReadOnlySpan<byte> bytes)
    {
        var file = _disk.Open(FilePath, StorageFileMode.CreateNew);
        file.Write(0, bytes);
        file.Flush("b");
        _disk.FlushDirectory(Directory, "c");
        return file;
    }

    private IEnumerable<SimulatedDisk> Crashes() =>
        Enumerable.Range(0, SeedCount).Select(seed => _disk.Crash(new Random(seed)));
}

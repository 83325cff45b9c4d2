using Microsoft.Data.Sqlite;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.State;

public sealed class StateDatabaseTests : IDisposable
{
    private const string CreateNotes = "CREATE TABLE notes (text TEXT NOT NULL)";

    private readonly TemporaryDirectory _directory = new();
    private readonly LineLogger<StateDatabase> _logger = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task WritingConnection_IsDurable_AlsoAfterARestart()
    {
        for (var start = 0; start < 2; start++)
        {
            using var database = Open();
            await database.ChangeAsync(connection =>
            {
                Pragma(connection, "journal_mode").ShouldBe("wal");
                Pragma(connection, "synchronous").ShouldBe("2", "FULL");
                Pragma(connection, "auto_vacuum").ShouldBe("2", "INCREMENTAL");
                Pragma(connection, "foreign_keys").ShouldBe("1");
                Pragma(connection, "application_id").ShouldBe($"{StateFile.ApplicationId}");
                Pragma(connection, "journal_size_limit").ShouldBe($"{StateFile.JournalBytesMax}");
            });
        }
    }

    [Fact]
    public async Task Files_AreForTheirOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var database = Open();
        await database.ChangeAsync(connection => connection.Execute("INSERT INTO notes VALUES ('a')"));
        var files = Directory.GetFiles(_directory.FullPath);
        files.Length.ShouldBe(3, "the database, its write-ahead log and the index of that");
        files.ShouldAllBe(file =>
            File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task Change_IsThereAfterARestart_AndOneThatThrewIsNot()
    {
        using (var database = Open())
        {
            await database.ChangeAsync(connection => connection.Execute("INSERT INTO notes VALUES ('kept')"));
            await Should.ThrowAsync<InvalidOperationException>(database.ChangeAsync(connection =>
            {
                connection.Execute("INSERT INTO notes VALUES ('undone')");
                throw new InvalidOperationException();
            }));
            Notes(database).ShouldBe(["kept"]);
        }

        using var again = Open();
        Notes(again).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Changes_ThatComeTogether_AreMadeOneAfterTheOther()
    {
        using var database = Open();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => database.ChangeAsync(connection =>
        {
            var count = Notes(connection).Count;
            connection.Execute("INSERT INTO notes VALUES ($text)", ("$text", $"{count}"));
        })));
        Notes(database).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }

    [Fact]
    public async Task FullDisk_FailsTheChange_AndIsTold_UntilThereIsSpaceAgain()
    {
        using var database = Open();
        await database.ChangeAsync(connection => connection.Execute("PRAGMA max_page_count = 8"));
        await Should.ThrowAsync<StateException>(InsertAsync(100_000));
        database.Fault.ShouldNotBeNull().ShouldContain("full");
        await Should.ThrowAsync<StateException>(InsertAsync(100_000));
        _logger.Lines.Count(line => line.Contains("cannot be written", StringComparison.Ordinal)).ShouldBe(1);
        Notes(database).ShouldBeEmpty();

        await InsertAsync(10);
        database.Fault.ShouldBeNull();
        Notes(database).Count.ShouldBe(1);

        Task InsertAsync(int length) => database.ChangeAsync(connection =>
            connection.Execute("INSERT INTO notes VALUES ($text)", ("$text", new string('x', length))));
    }

    [Fact]
    public async Task CommitThatFails_IsUndone_AndTheNextChangeIsStored()
    {
        const string CreateLinks =
            "CREATE TABLE links (id INTEGER PRIMARY KEY, to_id INTEGER REFERENCES links DEFERRABLE INITIALLY DEFERRED)";
        using var database = Open(new StateSchema("notes", [CreateNotes, CreateLinks]));
        await Should.ThrowAsync<StateException>(database.ChangeAsync(connection =>
            connection.Execute("INSERT INTO notes VALUES ('undone'); INSERT INTO links VALUES (1, 2)")));
        Notes(database).ShouldBeEmpty();

        await database.ChangeAsync(connection => connection.Execute("INSERT INTO notes VALUES ('kept')"));
        Notes(database).ShouldBe(["kept"]);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a?b#c%41;d='e'")]
    [InlineData("äβ")]
    public void Folder_OfAnyName_IsUsedAndChecked(string name)
    {
        var folder = _directory.Combine(name);
        Directory.CreateDirectory(folder);
        StateDatabase.Open(folder, [], new PhysicalFileSystem(), TimeProvider.System, _logger).Dispose();
        var path = Path.Combine(folder, StateDatabase.FileName);
        StateFile.Check(folder, []).ShouldBeEmpty();
        Directory.GetFiles(folder).ShouldBe([path]);
    }

    [Fact]
    public async Task LinkToTheDatabase_IsFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows users may not make links.");
        var (path, target) = (_directory.Combine(StateDatabase.FileName), _directory.Combine("target.db"));
        Open().Dispose();
        File.Move(path, target);
        File.CreateSymbolicLink(path, target);
        using (var database = Open())
        {
            await database.ChangeAsync(connection => connection.Execute("INSERT INTO notes VALUES ('kept')"));
        }

        new FileInfo(path).LinkTarget.ShouldBe(target);
        Check().ShouldBeEmpty();
        using var again = Open();
        Notes(again).ShouldBe(["kept"]);
    }

    [Fact]
    public void LinkThatLeadsNowhere_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows users may not make links.");
        var target = _directory.Combine("target.db");
        File.CreateSymbolicLink(_directory.Combine(StateDatabase.FileName), target);
        Should.Throw<FileNotFoundException>(() => Open()).Message.ShouldContain(target);
        File.Exists(target).ShouldBeFalse();
    }

    [Fact]
    public void Migrations_RunOnceEach_InOrder()
    {
        using (Open(new StateSchema("notes", [CreateNotes, "INSERT INTO notes VALUES ('one')"])))
        {
        }

        using (Open(new StateSchema("notes",
            [CreateNotes, "INSERT INTO notes VALUES ('one')", "INSERT INTO notes VALUES ('two')"])))
        {
        }

        using var database = Open(new StateSchema("notes", ["", "", ""]));
        Notes(database).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void Migration_ThatFails_ChangesNothing()
    {
        Should.Throw<StateException>(() => Open(new StateSchema("notes", [CreateNotes, "no statement"])));
        using var database = Open();
        Notes(database).ShouldBeEmpty();
    }

    [Fact]
    public void DatabaseOfANewerVersion_IsRefused()
    {
        Open(new StateSchema("notes", [CreateNotes, ""])).Dispose();
        Should.Throw<StateException>(() => Open()).Message.ShouldContain("newer version");
        Should.Throw<StateException>(() => Open(new StateSchema("other", []))).Message.ShouldContain("newer version");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(4096)]
    public void DamagedDatabase_IsRefused_WithAWayOut(int length)
    {
        File.WriteAllText(_directory.Combine(StateDatabase.FileName), new string('x', length));
        var message = Should.Throw<StateException>(() => Open()).Message;
        message.ShouldContain("damaged");
        message.ShouldContain("move state.db* away");
        Check().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(100, 600)]
    public async Task DamagedPage_IsRefusedAtTheStart(int at, int length)
    {
        var page = 0;
        using (var database = Open())
        {
            await database.ChangeAsync(connection =>
            {
                connection.Execute("INSERT INTO notes VALUES ('kept'), ('too')");
                page = connection.Query(
                    "SELECT rootpage FROM sqlite_schema WHERE name = 'notes'", static row => row.GetInt32(0)).Single();
            });
        }

        using (var file = File.OpenWrite(_directory.Combine(StateDatabase.FileName)))
        {
            // The number of cells, or free space with what follows it up to the cells.
            file.Position = ((page - 1) * 4096) + at;
            file.Write(Enumerable.Repeat((byte)(at == 3 ? 0 : 0xFF), length).ToArray());
            file.Position = ((page - 1) * 4096) + 5;
            file.Write([0xFF, 0xFF]);
        }

        Should.Throw<StateException>(() => Open()).Message.ShouldContain("damaged");
    }

    [Fact]
    public async Task Change_IsInTheMainFile_WhenItsTaskEnds()
    {
        var path = _directory.Combine(StateDatabase.FileName);
        using var copies = new TemporaryDirectory();
        using (var database = Open())
        {
            await database.ChangeAsync(connection => connection.Execute("INSERT INTO notes VALUES ('kept')"));
            new FileInfo(path + "-wal").Length.ShouldBe(0);
            File.Copy(path, copies.Combine(StateDatabase.FileName));
        }

        using var withoutLog = StateDatabase.Open(
            copies.FullPath, [new StateSchema("notes", [CreateNotes])], new PhysicalFileSystem(),
            TimeProvider.System, _logger);
        Notes(withoutLog).ShouldBe(["kept"]);
    }

    [Fact]
    public void DatabaseWithoutTables_IsRefused()
    {
        Open().Dispose();
        using (var other = new SqliteConnection(
            $"Data Source={_directory.Combine(StateDatabase.FileName)};Pooling=False"))
        {
            other.Open();
            other.Execute("DROP TABLE migrations");
        }

        Should.Throw<StateException>(() => Open()).Message.ShouldContain("its tables are missing");
    }

    [Fact]
    public async Task DamagedPage_IsFoundByTheCheck()
    {
        var path = _directory.Combine(StateDatabase.FileName);
        using (var database = Open())
        {
            await database.ChangeAsync(connection =>
                connection.Execute("INSERT INTO notes VALUES ($text)", ("$text", new string('x', 10_000))));
        }

        Check().ShouldBeEmpty();
        Directory.GetFiles(_directory.FullPath).ShouldBe([path], "a check creates no files");
        using (var file = File.OpenWrite(path))
        {
            file.Position = 4096;
            file.Write(new byte[4096]);
        }

        Check().ShouldNotBeEmpty();
    }

    [Fact]
    public void DatabaseOfAnotherProgram_IsRefused()
    {
        using (var other = new SqliteConnection(
            $"Data Source={_directory.Combine(StateDatabase.FileName)};Pooling=False"))
        {
            other.Open();
            other.Execute(CreateNotes);
        }

        Should.Throw<StateException>(() => Open()).Message.ShouldContain("not a database of WikiBus");
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-journal")]
    public void LogOfAMissingDatabase_IsRefused(string suffix)
    {
        File.WriteAllText(_directory.Combine(StateDatabase.FileName + suffix), "x");
        Should.Throw<StateException>(() => Open()).Message.ShouldContain($"{StateDatabase.FileName}{suffix} is there");
    }

    [Fact]
    public void FolderOfAnEarlierVersion_IsRefused_WithTheReason()
    {
        Directory.CreateDirectory(_directory.Combine("state"));
        Should.Throw<StateException>(() => Open()).Message.ShouldContain("keys of an earlier version");
    }

    [Fact]
    public void UnfinishedCreation_IsReplaced()
    {
        File.WriteAllText(_directory.Combine(StateDatabase.FileName + ".new"), "half");
        File.WriteAllText(_directory.Combine(StateDatabase.FileName + ".new-wal"), "half");
        using var database = Open();
        Notes(database).ShouldBeEmpty();
        Directory.GetFiles(_directory.FullPath, "*.new*").ShouldBeEmpty();
    }

    [Fact]
    public async Task DatabaseThatAnotherProgramHolds_FailsTheChange()
    {
        using var database = Open();
        using var other = new SqliteConnection(
            $"Data Source={_directory.Combine(StateDatabase.FileName)};Pooling=False");
        other.Open();
        using (other.BeginTransaction(deferred: false))
        {
            (await Should.ThrowAsync<StateException>(database.ChangeAsync(_ => { })))
                .Message.ShouldContain("Another program holds");
        }

        await database.ChangeAsync(_ => { });
    }

    private StateDatabase Open() => Open(new StateSchema("notes", [CreateNotes]));

    private StateDatabase Open(StateSchema schema) =>
        StateDatabase.Open(_directory.FullPath, [schema], new PhysicalFileSystem(), TimeProvider.System, _logger);

    private IReadOnlyList<string> Check() =>
        StateFile.Check(_directory.FullPath, [new StateSchema("notes", [CreateNotes])]);

    private static List<string> Notes(StateDatabase database) => database.Read(Notes);

    private static List<string> Notes(SqliteConnection connection) =>
        connection.Query("SELECT text FROM notes ORDER BY rowid", static row => row.GetString(0));

    private static string Pragma(SqliteConnection connection, string name) =>
        connection.Query($"PRAGMA {name}", static row => $"{row.GetValue(0)}").Single();
}

using Microsoft.Data.Sqlite;
using WikiBus.Storage;

namespace WikiBus.Server.State;

/// <summary>
/// The file <c>DATA/state.db</c>: creates it, opens it, and refuses a damaged one or one of another program.
/// </summary>
/// <remarks>
/// Creation, with what a crash after each step leaves:
/// <list type="number">
/// <item>Write a database with all tables as <c>state.db.new</c>. A crash leaves a file that the next start replaces.
/// </item>
/// <item>Rename it. A crash leaves a whole database. So a <c>state.db</c> without tables is always damage.</item>
/// </list>
/// </remarks>
internal static class StateFile
{
    /// <summary>The ASCII codes of "WiBu": marks the database as one of WikiBus.</summary>
    public const int ApplicationId = 0x57694275;

    /// <summary>Most bytes of the write-ahead log that SQLite keeps for reuse after a checkpoint.</summary>
    public const int JournalBytesMax = 16 << 20;

    /// <summary>What an operator does about damage; docs/operations.md has the details.</summary>
    public const string WhatToDo =
        $"Bring {StateDatabase.FileName} back from a backup, or move {StateDatabase.FileName}* away and create the "
        + "keys again. The events in log/ are not affected.";

    /// <summary>The folder in which versions before <c>state.db</c> kept the keys.</summary>
    private const string EarlierFolder = "state";

    private const int HeaderBytes = 100;

    /// <summary>A start reads every page of a database up to this size; a larger one is left to <c>log check</c>.
    /// </summary>
    private const long CheckedBytesMax = 64 << 20;

    // SQLite's result codes, https://www.sqlite.org/rescode.html.
    private const int Logic = 1; // A table or column is missing, or is there already.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private static readonly TimeSpan s_busyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Opens the connection that writes. Creates the database if it is missing.</summary>
    /// <exception cref="StateException">It cannot be used; the message says why, and what to do.</exception>
    public static SqliteConnection Open(
        string data, IReadOnlyCollection<StateSchema> schemas, IFileSystem files)
    {
        var path = Path.Combine(Path.GetFullPath(data), StateDatabase.FileName);
        RefuseEarlier(data);
        try
        {
            if (!Path.Exists(path))
            {
                RefuseOrphan(path);
                Create(path, schemas, files);
            }

            if (FindFileFault(path) is { } fault)
            {
                throw Damaged(fault);
            }

            var connection = Configure(Connect(path, SqliteOpenMode.ReadWrite));
            try
            {
                Accept(connection, LengthOf(path), schemas);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Translate(exception);
        }
    }

    /// <summary>True if reading failed, or a row did not have the values that its table promises.</summary>
    public static bool IsFault(Exception exception) => exception is SqliteException
        or InvalidOperationException or InvalidCastException or OverflowException or FormatException;

    /// <summary>
    /// Reads every page, and lists what is wrong; empty if a start takes the database, or makes one. Changes nothing.
    /// </summary>
    /// <exception cref="StateException">It cannot be read, or a start refuses it for another reason than damaged pages;
    /// the message is that of the start.</exception>
    /// <exception cref="InvalidDataException">The same, because of a row.</exception>
    public static IReadOnlyList<string> Check(string data, IReadOnlyCollection<StateSchema> schemas)
    {
        var path = Path.Combine(Path.GetFullPath(data), StateDatabase.FileName);
        RefuseEarlier(data);
        if (!Path.Exists(path))
        {
            RefuseOrphan(path);
            return [];
        }

        if (FindFileFault(path) is { } fault)
        {
            return [fault];
        }

        try
        {
            // Without a write-ahead log nobody has the file open. SQLite would create one even to read, and the new
            // file would belong to the user who checks. "immutable" prevents that.
            using var connection = Connect(
                File.Exists(path + "-wal") ? path : UriOf(path) + "?immutable=1",
                SqliteOpenMode.ReadOnly);
            RequireApplicationId(connection);
            var findings = connection.Query("PRAGMA integrity_check", static row => row.GetString(0));
            if (findings is not ["ok"])
            {
                return findings;
            }

            // A start may change tables, so it is tried with a copy.
            using var copy = Connect(":memory:", SqliteOpenMode.Memory);
            connection.BackupDatabase(copy);
            Accept(copy, LengthOf(path), schemas);
            return [];
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return [exception.Message];
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Translate(exception);
        }
    }

    /// <summary>A fault of the database, with a message for people.</summary>
    public static StateException Translate(Exception exception) =>
        (exception as SqliteException)?.SqliteErrorCode switch
        {
            null or Logic or Corrupt or NotADatabase => Damaged(exception.Message.TrimEnd('.')),
            Busy or Locked => new StateException(
                $"Another program holds {StateDatabase.FileName} locked. End that program.", exception),
            ReadOnly or CannotOpen => new StateException(
                $"{StateDatabase.FileName} cannot be opened or written ({exception.Message.TrimEnd('.')}). Let the "
                + $"user of this process read and write {StateDatabase.FileName}* and the data directory.", exception),
            _ => new StateException($"{StateDatabase.FileName}: {exception.Message}", exception),
        };

    /// <summary>The fault of a database that this program did not leave so.</summary>
    public static StateException Damaged(string what) => new(
        $"{StateDatabase.FileName} is damaged: {what.ReplaceLineEndings(" ").TrimEnd(' ', '.')}. {WhatToDo}");

    private static void Create(string path, IReadOnlyCollection<StateSchema> schemas, IFileSystem files)
    {
        var unfinished = path + ".new";
        foreach (var file in Companions(unfinished).Append(unfinished))
        {
            File.Delete(file);
        }

        PrivateFile.Create(unfinished).Dispose();
        using (var connection = Connect(unfinished, SqliteOpenMode.ReadWrite))
        {
            // The vacuum mode comes first: the next statement writes the first page, which fixes it.
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            connection.Execute($"PRAGMA application_id = {ApplicationId}");
            Configure(connection);
            StateMigrations.Prepare(connection);
            StateMigrations.Run(connection, schemas);
        }

        files.Rename(unfinished, path);
        files.FlushDirectory(Path.GetDirectoryName(path)!, "name of state.db");
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)s_busyTimeout.TotalSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Configure(SqliteConnection connection)
    {
        try
        {
            RequireApplicationId(connection);
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA synchronous = FULL");
            connection.Execute("PRAGMA foreign_keys = ON");
            connection.Execute("PRAGMA cell_size_check = ON");
            connection.Execute("PRAGMA trusted_schema = OFF");
            connection.Execute($"PRAGMA journal_size_limit = {JournalBytesMax}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void RequireApplicationId(SqliteConnection connection)
    {
        var id = connection.Query("PRAGMA application_id", static row => row.GetInt32(0)).Single();
        if (id != ApplicationId)
        {
            throw new StateException(
                $"{StateDatabase.FileName} is not a database of WikiBus (its application id is {id}). "
                + "Move it out of the data directory.");
        }
    }

    private static void RefuseEarlier(string data)
    {
        var folder = Path.Combine(data, EarlierFolder);
        if (Directory.Exists(folder))
        {
            throw new StateException(
                $"'{folder}' holds the keys of an earlier version, and this version cannot read them. Move the folder "
                + $"away and create the keys again; they are kept in {StateDatabase.FileName} from now on.");
        }
    }

    // SQLite would apply the content of these files to the new database. One that is empty shows that the database was
    // there: a graceful stop removes both.
    private static void RefuseOrphan(string path)
    {
        if (Companions(path).FirstOrDefault(File.Exists) is { } orphan)
        {
            throw new StateException(
                $"{StateDatabase.FileName} is missing, but {Path.GetFileName(orphan)} is there. Bring back all files "
                + $"of one moment, or move {StateDatabase.FileName}* away and create the keys again.");
        }
    }

    /// <summary>Brings the tables up to date; throws if they are not as this program left them.</summary>
    private static void Accept(SqliteConnection connection, long length, IReadOnlyCollection<StateSchema> schemas)
    {
        if (connection.Query("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'", static _ => true).Count == 0)
        {
            throw Damaged("its tables are missing");
        }

        if (length <= CheckedBytesMax
            && connection.Query("PRAGMA quick_check(1)", static row => row.GetString(0)) is not ["ok"] and var findings)
        {
            throw Damaged(findings.FirstOrDefault("its pages cannot be read"));
        }

        StateMigrations.Run(connection, schemas);
        foreach (var schema in schemas)
        {
            schema.Verify?.Invoke(connection);
        }
    }

    /// <summary>What is wrong with the file as a whole; null: nothing.</summary>
    private static string? FindFileFault(string path) =>
        Directory.Exists(path) ? "it is a folder"
        : LengthOf(path) is var length && length < HeaderBytes ? $"the file has {length} bytes"
        : null;

    // An operator may put the database on another disk, and a link in its place.
    private static long LengthOf(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo target
            ? target.Length
            : new FileInfo(path).Length;

    // The class Uri would keep a percent sign in the path, and SQLite would decode it.
    private static string UriOf(string path) => "file:///" + string.Join(
        '/', path.TrimStart('/').Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));

    private static string[] Companions(string path) => [path + "-wal", path + "-journal"];
}

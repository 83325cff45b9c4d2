using Microsoft.Data.Sqlite;
using WikiBus.Server.Faults;
using WikiBus.Storage;

namespace WikiBus.Server.State;

/// <summary>
/// The SQLite database <c>DATA/state.db</c>: what the bus keeps beside the log. One connection makes one change at a
/// time. A change is durable when its task ends. Safe for concurrent use.
/// </summary>
internal sealed class StateDatabase : IDisposable
{
    public const string FileName = "state.db";

    private const string Replaced =
        $"{FileName} was deleted or replaced. Changes are lost at the next start: "
        + "stop the server, and bring the file back.";

    /// <summary>A change that waits longer for the ones before it fails.</summary>
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(5);

    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly UInt128? _identity;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ILogger<StateDatabase> _logger;
    private readonly RecentFaults _faults;
    private volatile string? _fault;

    private StateDatabase(
        string path, IFileSystem files, SqliteConnection writer, TimeProvider time, ILogger<StateDatabase> logger)
    {
        _files = files;
        _path = path;
        _identity = files.Identify(path);
        _writer = writer;
        _faults = new RecentFaults(time);
        _logger = logger;
    }

    /// <summary>Why the last change failed, or why changes will be lost; null if neither is so.</summary>
    public string? Fault => _fault ?? (_files.Identify(_path) == _identity ? null : Replaced);

    /// <summary>Opens or creates the database, and brings the tables of all features up to date.</summary>
    /// <exception cref="StateException">It cannot be used; the message says why, and what to do.</exception>
    public static StateDatabase Open(
        string data,
        IReadOnlyCollection<StateSchema> schemas,
        IFileSystem files,
        TimeProvider time,
        ILogger<StateDatabase> logger)
    {
        var path = Path.Combine(data, FileName);
        var isNew = !Path.Exists(path);
        var writer = StateFile.Open(data, schemas, files);
        if (isNew)
        {
            StateDiagnostics.Created(logger, path);
        }

        return new StateDatabase(path, files, writer, time, logger);
    }

    /// <summary>Reads in the calling thread, at the start. Waits for a running change.</summary>
    /// <exception cref="StateException">It cannot be read.</exception>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        _writing.Wait();
        try
        {
            return read(_writer);
        }
        catch (Exception exception) when (StateFile.IsFault(exception))
        {
            throw StateFile.Translate(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// Runs a change in a transaction of its own, on another thread, since SQLite blocks while it flushes.
    /// </summary>
    /// <exception cref="StateException">The change could not be stored, and is undone.</exception>
    /// <remarks>
    /// The change moves from the write-ahead log to the main file before the task ends: SQLite drops a damaged log
    /// without a word, and a key that was revoked would be valid again.
    /// </remarks>
    public Task ChangeAsync(Action<SqliteConnection> change) => InTurnAsync(() =>
    {
        Commit(change);
        Checkpoint();
    });

    /// <summary>
    /// The same, but the change stays in the write-ahead log until SQLite moves it: for changes that come often, and
    /// of which the last ones may be repeated.
    /// </summary>
    /// <exception cref="StateException">The change could not be stored, and is undone.</exception>
    public Task CommitAsync(Action<SqliteConnection> change) => InTurnAsync(() => Commit(change));

    /// <summary>Reads, on another thread.</summary>
    /// <exception cref="StateException">It cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read)
    {
        if (!await _writing.WaitAsync(s_waitMax))
        {
            throw Waited();
        }

        try
        {
            return await Task.Run(() => read(_writer));
        }
        catch (Exception exception) when (StateFile.IsFault(exception))
        {
            throw StateFile.Translate(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task InTurnAsync(Action change)
    {
        if (!await _writing.WaitAsync(s_waitMax))
        {
            throw Failed(Waited());
        }

        try
        {
            await Task.Run(change);
            Succeeded();
        }
        catch (SqliteException exception)
        {
            throw Failed(StateFile.Translate(exception));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits for a running change, and closes the file. Call it when no other call waits or begins.</summary>
    public void Dispose()
    {
        _writing.Wait();
        _writer.Dispose();
        _writing.Dispose();
    }

    private static StateException Waited() =>
        new($"Other changes of {FileName} take more than {s_waitMax.TotalSeconds} s.");

    private void Commit(Action<SqliteConnection> change)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        change(_writer);
        transaction.Commit();
    }

    private void Checkpoint()
    {
        try
        {
            _writer.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException exception)
        {
            // The change is durable in the log of the database; the next change tries again.
            StateDiagnostics.NotMoved(_logger, exception.Message);
        }
    }

    private void Succeeded()
    {
        if (_fault is not null)
        {
            _fault = null;
            _faults.Clear();
            StateDiagnostics.WrittenAgain(_logger);
        }
    }

    private StateException Failed(StateException exception)
    {
        _fault = exception.Message;
        if (_faults.IsNew(exception.Message))
        {
            StateDiagnostics.NotWritten(_logger, exception.Message);
        }

        return exception;
    }
}

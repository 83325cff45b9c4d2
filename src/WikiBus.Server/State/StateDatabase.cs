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

    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ILogger<StateDatabase> _logger;
    private readonly RecentFaults _faults;
    private volatile string? _fault;

    private StateDatabase(SqliteConnection writer, TimeProvider time, ILogger<StateDatabase> logger)
    {
        _writer = writer;
        _faults = new RecentFaults(time);
        _logger = logger;
    }

    /// <summary>Why the last change failed; null if it did not fail.</summary>
    public string? Fault => _fault;

    /// <summary>Opens or creates the database, and brings the tables of all features up to date.</summary>
    /// <exception cref="StateException">It cannot be used; the message says why, and what to do.</exception>
    public static StateDatabase Open(
        string data,
        IReadOnlyCollection<StateSchema> schemas,
        IFileSystem files,
        TimeProvider time,
        ILogger<StateDatabase> logger)
    {
        var writer = StateFile.Open(data, files);
        try
        {
            StateMigrations.Run(writer, schemas);
            return new StateDatabase(writer, time, logger);
        }
        catch (SqliteException exception)
        {
            writer.Dispose();
            throw StateFile.Translate(exception);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
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
        catch (SqliteException exception)
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
    public async Task ChangeAsync(Action<SqliteConnection> change)
    {
        await _writing.WaitAsync();
        try
        {
            await Task.Run(() => Commit(change));
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

    private void Commit(Action<SqliteConnection> change)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        change(_writer);
        transaction.Commit();
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

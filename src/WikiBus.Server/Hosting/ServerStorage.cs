using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>What the process keeps on disk: opened before anything is served, closed after the last request.</summary>
internal sealed class ServerStorage : IAsyncDisposable
{
    private ServerStorage(EventLog log, StateStore state)
    {
        Log = log;
        State = state;
    }

    public EventLog Log { get; }

    public StateStore State { get; }

    /// <summary>Opens and recovers the log and the state store below the data directory.</summary>
    /// <exception cref="StartupException">The directory cannot be used, is in use, or what it holds is
    /// damaged.</exception>
    public static async Task<ServerStorage> OpenAsync(
        string data, EventLogOptions options, IFileSystem files, TimeProvider time)
    {
        EventLog? log = null;
        try
        {
            DataFolder.Create(data);
            log = EventLog.Open(Path.Combine(data, "log"), options, files, time);
            var state = StateStore.Open(Path.Combine(data, "state"), new StateStoreOptions(), files, time);
            return new ServerStorage(log, state);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or LogDamagedException)
        {
            if (log is not null)
            {
                await log.DisposeAsync();
            }

            throw new StartupException(
                DataFolder.InUse(data, exception) ?? $"The data directory '{data}' cannot be used: {exception.Message}",
                ExitCodes.Failed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Log.DisposeAsync();
        }
        finally
        {
            await State.DisposeAsync();
        }
    }
}

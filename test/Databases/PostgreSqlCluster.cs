using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace WikiBus.TestDatabases;

/// <summary>
/// A private PostgreSQL cluster in a temporary folder, on 127.0.0.1. It never runs as root. <c>fsync</c> stays on, so
/// that a test may kill it.
/// </summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    /// <summary>Why tests with PostgreSQL are skipped where it is missing.</summary>
    public const string SkipReason = "PostgreSQL is not installed (Debian: postgresql)";

    private const string User = "nobody";
    private const int PortAttemptsMax = 5;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("wikibus-postgresql-").FullName;
    private int _port;
    private Process? _server;
    private int _databases;

    private PostgreSqlCluster()
    {
    }

    /// <summary>The folder with the programs of the newest version; null if there is none.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>The server's first process, whose children are the others.</summary>
    public int ProcessId => _server!.Id;

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgreSqlCluster> StartAsync()
    {
        var cluster = new PostgreSqlCluster();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", User, cluster._folder);
        }

        await RunAsync(
            Programs + "/initdb", "-D", cluster.Data, "-U", "wiki", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--no-instructions");
        await cluster.StartOnFreePortAsync();
        return cluster;
    }

    // Another process may take the port before the server does.
    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort();
            try
            {
                await StartServerAsync();
                return;
            }
            catch (NpgsqlException) when (_server!.HasExited && attempt < PortAttemptsMax)
            {
                _server.Dispose();
            }
        }
    }

    /// <summary>Makes an empty database, and returns the connection string for it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"wiki{Interlocked.Increment(ref _databases)}");
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Kills all processes of the server (SIGKILL), and waits for their end.</summary>
    public async Task KillAsync()
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync().WaitAsync(s_limit);
        _server.Dispose();
        _server = null;
    }

    /// <summary>Starts the server, and waits until it can be used.</summary>
    public async Task StartServerAsync()
    {
        _server = Start(
            Programs + "/postgres", "-D", Data, "-k", _folder, "-h", "127.0.0.1", "-p", $"{_port}", "-N", "200");
        _server.OutputDataReceived += (_, _) => { };
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync();
                return;
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(start) < s_limit && !_server.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=wiki;Database={database}");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = program.StartsWith('/') ? Start(program, arguments) : Process.Start(program, arguments);
        var output = process.StartInfo.RedirectStandardOutput
            ? await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync()
            : "";
        await process.WaitForExitAsync().WaitAsync(s_limit);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}");
        }
    }

    // PostgreSQL refuses to run as root.
    private static Process Start(string program, params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={User}", $"--regid={GroupOfUser()}", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C" },
        })!;
    }

    private static string GroupOfUser() =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).First(fields => fields[0] == User)[3];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// A process that opens a listening socket and starts the binary with it, as systemd does. It keeps the socket while
/// the binary is stopped. Disposing ends both.
/// </summary>
internal sealed class SocketParent : IAsyncDisposable
{
    private const string AddressLine = "parent: ";
    private const string ListeningLine = "wikibus: listening on ";

    private const string Script = """
        import os, signal, socket, sys
        listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        print("parent: http://127.0.0.1:%d/" % listener.getsockname()[1], flush=True)
        child = None
        for line in sys.stdin:
            verb, count = line.split()
            if verb == "start":
                child = os.fork()
                if child == 0:
                    os.dup2(listener.fileno(), 3)
                    os.set_inheritable(3, True)
                    os.dup2(1, 2)
                    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=count, LISTEN_FDNAMES="x")
                    os.execv(sys.argv[1], sys.argv[1:])
                print("parent: pid %d" % child, flush=True)
            else:
                if verb == "stop":
                    os.kill(child, signal.SIGTERM)
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                child = None
                print("parent: exit %d" % code, flush=True)
        if child:
            os.kill(child, signal.SIGKILL)
        """;

    private readonly Process _process;

    private SocketParent(Process process) => _process = process;

    /// <summary>The address of the socket.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The process id of the binary.</summary>
    public int ServerId { get; private set; }

    /// <param name="arguments">The arguments of the binary.</param>
    public static async Task<SocketParent> StartAsync(params string[] arguments)
    {
        var start = WikiBusBinary.StartInfo(["-c", Script, WikiBusBinary.FilePath, .. arguments]);
        start.FileName = "python3";
        var parent = new SocketParent(Process.Start(start)!);
        parent.Address = new Uri((await parent.ReadUntilAsync(AddressLine))[^1][AddressLine.Length..]);
        return parent;
    }

    /// <summary>Starts the binary with the socket. Returns the first address that it announces.</summary>
    public async Task<Uri> StartServerAsync()
    {
        await StartAsync("1");
        return await ReadAddressAsync();
    }

    /// <summary>The next address that the binary announces.</summary>
    public async Task<Uri> ReadAddressAsync() =>
        new((await ReadUntilAsync(ListeningLine))[^1][ListeningLine.Length..]);

    /// <summary>Starts the binary, which is to fail. Returns what it said; the last line is its exit code.</summary>
    /// <param name="count">How many sockets it is told to inherit.</param>
    public async Task<string> FailServerAsync(string count)
    {
        await StartAsync(count);
        await SayAsync("wait -");
        return string.Join('\n', await ReadUntilAsync(AddressLine + "exit"));
    }

    /// <summary>Stops the binary gracefully.</summary>
    public async Task StopServerAsync()
    {
        await SayAsync("stop -");
        (await ReadUntilAsync(AddressLine))[^1].ShouldBe(AddressLine + "exit 0");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        _process.Dispose();
    }

    private async Task StartAsync(string count)
    {
        await SayAsync("start " + count);
        const string IdLine = AddressLine + "pid ";
        ServerId = int.Parse((await ReadUntilAsync(IdLine))[^1][IdLine.Length..], CultureInfo.InvariantCulture);
    }

    private Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line).WaitAsync(TestTime.Limit);

    private async Task<List<string>> ReadUntilAsync(string start)
    {
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(TestTime.Limit) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return lines;
            }
        }

        throw new InvalidOperationException($"It ended without '{start}': {string.Join('\n', lines)}");
    }
}

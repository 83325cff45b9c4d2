using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>A built sample, such as <c>samples/MinimalWiki</c>, as a child process, with its settings.</summary>
internal sealed class MinimalWikiProcess : IAsyncDisposable
{
    private const string ReadyText = "Now listening on: ";

    private readonly Process _process;
    private readonly HttpClient _client = new() { Timeout = TestTime.Limit };
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reader;

    private MinimalWikiProcess(Process process)
    {
        _process = process;
        _reader = ReadAsync();
    }

    /// <summary>What it logged so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <param name="settings">Settings below <c>WikiBus</c> that replace those of the file.</param>
    public static Task<MinimalWikiProcess> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync("MinimalWiki", settings.Select(setting => $"--WikiBus:{setting.Name}={setting.Value}"));

    /// <summary>Starts the sample with arguments, such as <c>--Section:Name=value</c>.</summary>
    public static Task<MinimalWikiProcess> StartWithAsync(params string[] arguments) =>
        StartAsync("MinimalWiki", arguments);

    /// <summary>Starts the sample with the outbox.</summary>
    /// <param name="database">The file of its database.</param>
    /// <param name="bus">The address of the bus.</param>
    public static Task<MinimalWikiProcess> StartSqliteAsync(string database, Uri bus) => StartAsync(
        "MinimalWiki.Sqlite",
        [
            $"--ConnectionStrings:Wiki=Data Source={database}",
            $"--WikiBus:Services:eventbus:Url={new Uri(bus, "/v1/events").AbsoluteUri}",
        ]);

    /// <summary>Sends a request that must succeed, and returns the body of the answer.</summary>
    public async Task<string> SendAsync(
        HttpMethod method, string path, string body = "", string contentType = "text/plain")
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body, Encoding.UTF8, contentType),
        };
        using var response = await _client.SendAsync(request, TestTime.Token());
        var text = await response.Content.ReadAsStringAsync(TestTime.Token());
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {text}");
        return text;
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
    }

    /// <summary>Asks it to stop (SIGTERM), and waits for its end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(TestTime.Limit);
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        await _reader.WaitAsync(TestTime.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reader.WaitAsync(TestTime.Limit);
        _process.Dispose();
        _client.Dispose();
    }

    private static async Task<MinimalWikiProcess> StartAsync(string sample, IEnumerable<string> arguments)
    {
        // The tests and the samples are built together, into folders side by side.
        var program = Path.Combine(
            AppContext.BaseDirectory, "..", "..", sample,
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), sample);
        var start = new ProcessStartInfo(program, ["--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(WikiBusBinary.Root, "samples", sample),
        };
        var wiki = new MinimalWikiProcess(Process.Start(start)!);
        wiki._client.BaseAddress = await wiki._address.Task.WaitAsync(TestTime.Limit);
        return wiki;
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            var ready = line.IndexOf(ReadyText, StringComparison.Ordinal);
            if (ready >= 0)
            {
                _address.TrySetResult(new Uri(line[(ready + ReadyText.Length)..]));
            }
        }

        _address.TrySetException(new InvalidOperationException($"The sample ended: {Output}"));
    }
}

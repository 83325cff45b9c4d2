using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>The built sample <c>samples/MinimalWiki</c> as a child process, with its <c>appsettings.json</c>.</summary>
internal sealed class MinimalWikiProcess : IAsyncDisposable
{
    private const string ReadyText = "Now listening on: ";

    // The tests and the sample are built together, into folders side by side.
    private static readonly string s_program = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "MinimalWiki",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "MinimalWiki");

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
    public static async Task<MinimalWikiProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(s_program, ["--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(WikiBusBinary.Root, "samples", "MinimalWiki"),
        };
        foreach (var (name, value) in settings)
        {
            start.ArgumentList.Add($"--WikiBus:{name}={value}");
        }

        var wiki = new MinimalWikiProcess(Process.Start(start)!);
        wiki._client.BaseAddress = await wiki._address.Task.WaitAsync(TestTime.Limit);
        return wiki;
    }

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
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        }

        await _reader.WaitAsync(TestTime.Limit);
        _process.Dispose();
        _client.Dispose();
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

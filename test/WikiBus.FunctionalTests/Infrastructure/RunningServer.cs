using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Server.Hosting;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// The real host in this process, on 127.0.0.1, with a data directory of its own. A test can stop it, and start it
/// again on the same data. Disposing fails the test if the server logged an Error that <see cref="Errors"/> does not
/// expect.
/// </summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly Action<IServiceCollection>? _seams;
    private WikiBusServer? _server;
    private HttpClient? _client;

    private RunningServer(Action<IServiceCollection>? seams) => _seams = seams;

    /// <summary>What the server logged, over all its starts.</summary>
    public ErrorRecorder Errors { get; } = new();

    public string DataDirectory => _directory.Combine("data");

    /// <summary>A place for the test's own files.</summary>
    public string FilePath(string name) => _directory.Combine(name);

    /// <summary>The first address that it listens on.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>All addresses that it listens on.</summary>
    public IReadOnlyList<string> Addresses => _server?.Addresses ?? [];

    /// <summary>A client of the server. It follows no redirects, keeps no cookies, and has a long time limit.</summary>
    public HttpClient Client => _client ?? throw new InvalidOperationException("The server is stopped.");

    public IServiceProvider Services =>
        _server?.Services ?? throw new InvalidOperationException("The server is stopped.");

    /// <param name="options">Options as in the configuration, such as <c>("Intake:BodyBytesMax", "1000")</c>.</param>
    public static Task<RunningServer> StartAsync(params (string Key, string Value)[] options) =>
        StartAsync(seams: null, options);

    /// <param name="seams">Replaces services at the seams: time, logging.</param>
    /// <param name="options">Options as in the configuration.</param>
    public static async Task<RunningServer> StartAsync(
        Action<IServiceCollection>? seams, params (string Key, string Value)[] options)
    {
        var running = new RunningServer(seams);
        await running.StartAgainAsync(options);
        return running;
    }

    /// <summary>Starts the stopped server on the same data.</summary>
    public async Task StartAgainAsync(params (string Key, string Value)[] options)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                KeyValuePair.Create("Hosting:Data", (string?)DataDirectory),
                KeyValuePair.Create("Hosting:Listen:0", (string?)"http://127.0.0.1:0"),
                KeyValuePair.Create("Hosting:ShutdownTimeout", (string?)"5 s"),

                // With the defaults, a machine that lets processes open few files gets a Warning.
                KeyValuePair.Create("Hosting:ConnectionsMax", (string?)"2000"),
                KeyValuePair.Create("Streaming:ConnectionsMax", (string?)"1900"),
            ])
            .AddInMemoryCollection(options.Select(option => KeyValuePair.Create(option.Key, (string?)option.Value)))
            .Build();
        _server = await WikiBusServer.StartAsync(
            configuration, faults: [], Replace, TestTime.Token()).WaitAsync(TestTime.Limit);
        Address = new Uri(_server.Addresses.First());
        _client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
        {
            BaseAddress = Address,
            Timeout = TestTime.Limit,
        };
    }

    /// <summary>Stops the server gracefully; the data stays.</summary>
    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync().AsTask().WaitAsync(TestTime.Limit);
        }
    }

    /// <summary>Stops and starts it on the same data, with other options.</summary>
    public async Task RestartAsync(params (string Key, string Value)[] options)
    {
        await StopAsync();
        await StartAgainAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
        Errors.UnexpectedErrors.ShouldBeEmpty();
    }

    private void Replace(IServiceCollection services)
    {
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Errors));
        _seams?.Invoke(services);
    }
}

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// One server with default options for all tests of a class (<c>IClassFixture&lt;ServerFixture&gt;</c>).
/// </summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private RunningServer? _server;

    internal RunningServer Server => _server ?? throw new InvalidOperationException("The fixture is not initialised.");

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

using WikiBus.Server.Streams;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Streams;

public sealed class StreamReloadTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LineLogger<StreamReload> _logger = new();
    private readonly EventLog _log;

    public StreamReloadTests() => _log = EventLog.Open(
        _directory.Combine("log"), new EventLogOptions(), new PhysicalFileSystem(), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public void UnexpectedFault_IsLoggedOnce_AndReadingContinues()
    {
        var path = _directory.Combine("streams.json");
        File.WriteAllText(path, """{"a":{}}""");
        var options = new StreamsOptions { Source = path };
        using var source = new StreamSource(options, _directory.FullPath);
        var catalog = new StreamCatalog(source.ReadFirst(out _), options, _log);
        using var reload = new StreamReload(source, catalog, options, TimeProvider.System, _logger);

        // No file can have this name, which only opening it shows.
        options.Source = "\0";
        reload.ReadAgain();
        reload.ReadAgain();
        _logger.Lines.ShouldHaveSingleItem().ShouldStartWith("Error: ");
        catalog.IsKnown("a").ShouldBeTrue();

        options.Source = path;
        File.WriteAllText(path, """{"ab":{}}""");
        reload.ReadAgain();
        catalog.IsKnown("ab").ShouldBeTrue();
    }
}

using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Access.Keys;

/// <summary>Keys in a state database of their own, which can be closed and opened again.</summary>
public abstract class KeyStoreScene : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private StateDatabase? _state;
    private KeyStore? _keys;

    private protected KeyStoreScene()
    {
        Open();
    }

    private protected KeyStore Keys => _keys!;

    private protected StateDatabase State => _state!;

    private protected KeyLimits Limits { get; set; } = new AccessOptions().ToKeyLimits();

    private protected const string ConfiguredPublisher = "wikibus.json/1";

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private protected string Folder => _directory.FullPath;

    public void Dispose()
    {
        _keys?.Dispose();
        _state?.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<Caller?> FindAsync(string secret) =>
        (await Keys.FindCallerAsync(secret, IPAddress.Loopback, TestContext.Current.CancellationToken)).Caller;

    private protected void Open() => Open(KeyTable.Schema);

    private protected void Open(StateSchema schema)
    {
        _state = StateDatabase.Open(
            Folder, [schema], new PhysicalFileSystem(), Time, NullLogger<StateDatabase>.Instance);
        _keys = new KeyStore(
            _state, AdminKey.Open(Folder), Limits, new PublicRules([], []),
            new ConfiguredPublishers(new HashSet<string> { ConfiguredPublisher }), Time);
    }

    private protected void Close()
    {
        Keys.Dispose();
        State.Dispose();
        _state = null;
    }
}

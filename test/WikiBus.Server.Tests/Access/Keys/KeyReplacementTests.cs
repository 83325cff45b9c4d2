using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class KeyReplacementTests : KeyStoreScene
{
    private static readonly KeyRequest s_reader = new() { Id = "wiki", Roles = ["read"] };

    [Fact]
    public async Task ReplacedKey_HasTheNewRightsAndItsSecrets_AlsoAfterARestart()
    {
        var old = (await Keys.CreateAsync(s_reader with { Streams = ["a"], Networks = ["10.0.0.0/8"] })).Secret!;
        var secret = (await Keys.RotateAsync("wiki", null, null)).Secret!;

        var replaced = await Keys.ReplaceAsync("wiki", new KeyRequest
        {
            Roles = ["publish", "subscribe", "chain"], Streams = ["b"], Wikis = ["wdb"], Domains = ["w.example"],
            Networks = ["10.1.2.3/8", "10.0.0.0/8", "FD00::1"], Hosts = ["Wiki-1", "wiki-1", "localhost"],
        });

        replaced.Outcome.ShouldBe(KeyOutcome.Done);
        replaced.Secret.ShouldBeNull();
        Close();
        Open();
        var key = Keys.List().ShouldHaveSingleItem();
        key.Roles.ShouldBe(Role.Publish | Role.Subscribe | Role.Chain);
        key.Streams.ShouldBe(["b"]);
        key.Wikis.ShouldBe(["wdb"]);
        key.Domains.ShouldBe(["w.example"]);
        key.Networks.ShouldBe(["10.0.0.0/8", "fd00::1/128"]);
        key.Hosts.ShouldBe(["wiki-1", "localhost"]);
        foreach (var caller in new[] { await FindAsync(old), await FindAsync(secret) })
        {
            caller!.MayPublishTo("b").ShouldBeTrue();
            caller.MayPublishTo("a").ShouldBeFalse();
            caller.MayRead("a").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task ListsThatARequestLacks_BecomeEmpty()
    {
        await Keys.CreateAsync(s_reader with
        {
            Streams = ["a"], Wikis = ["wdb"], Domains = ["w.example"], Networks = ["::1"], Hosts = ["w.example"],
        });

        await Keys.ReplaceAsync("wiki", s_reader);

        var key = Keys.List().ShouldHaveSingleItem();
        new[] { key.Streams, key.Wikis, key.Domains, key.Networks, key.Hosts }.ShouldAllBe(list => list.Count == 0);
    }

    [Fact]
    public async Task ThoseWhoAreConnected_LoseTheOldRights()
    {
        var old = (await Keys.CreateAsync(s_reader)).Secret!;
        var secret = (await Keys.RotateAsync("wiki", null, TimeSpan.FromHours(1))).Secret!;
        Caller[] connected = [(await FindAsync(old))!, (await FindAsync(secret))!];

        await Keys.ReplaceAsync("wiki", s_reader with { Streams = ["b"] });

        connected.ShouldAllBe(static caller => caller.HasEnded);
        var caller = (await FindAsync(old))!;
        caller.MayRead("b").ShouldBeTrue();
        Time.Advance(TimeSpan.FromHours(1));
        caller.HasEnded.ShouldBeTrue();
        (await FindAsync(old)).ShouldBeNull();
        (await FindAsync(secret))!.MayRead("b").ShouldBeTrue();
    }

    [Fact]
    public async Task OtherDestinations_EndNoStream()
    {
        var secret = (await Keys.CreateAsync(s_reader with { Streams = ["a"] })).Secret!;
        var connected = (await FindAsync(secret))!;

        await Keys.ReplaceAsync("wiki", s_reader with { Streams = ["a"], Networks = ["10.0.0.0/8"] });

        connected.HasEnded.ShouldBeFalse();
        (await FindAsync(secret)).ShouldBeSameAs(connected);
    }

    [Fact]
    public async Task UnknownKeyAndAdminKey_AreNotReplaced()
    {
        (await Keys.ReplaceAsync("nobody", s_reader)).Outcome.ShouldBe(KeyOutcome.NotFound);
        (await Keys.ReplaceAsync("admin", s_reader)).Outcome.ShouldBe(KeyOutcome.NotFound);
        Keys.List().ShouldBeEmpty();
        Keys.OwnerOf("admin")!.Caller.MayManage.ShouldBeTrue();
    }

    [Fact]
    public async Task Owner_IsTheSame_UntilTheKeyIsReplacedOrRevoked()
    {
        Keys.OwnerOf("wiki").ShouldBeNull();
        await Keys.CreateAsync(s_reader with { Networks = ["10.0.0.0/8"], Hosts = ["w.example"] });
        var first = Keys.OwnerOf("wiki").ShouldNotBeNull();
        await Keys.RotateAsync("wiki", null, TimeSpan.Zero);
        await Keys.CreateAsync(s_reader with { Id = "other" });
        Keys.OwnerOf("wiki").ShouldBeSameAs(first);
        first.Caller.Id.ShouldBe("wiki");
        first.Caller.MayRead("own.news").ShouldBeTrue();
        first.Networks.ShouldBe(["10.0.0.0/8"]);
        first.Hosts.ShouldBe(["w.example"]);

        await Keys.ReplaceAsync("wiki", s_reader with { Hosts = ["x.example"] });
        var second = Keys.OwnerOf("wiki").ShouldNotBeNull();
        first.Caller.HasEnded.ShouldBeTrue();
        second.Caller.HasEnded.ShouldBeFalse();
        second.Networks.ShouldBeEmpty();
        second.Hosts.ShouldBe(["x.example"]);

        await Keys.RevokeAsync("wiki");
        Keys.OwnerOf("wiki").ShouldBeNull();
        second.Caller.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public void OwnerOfTheAdminKey_MayTargetThisMachine()
    {
        var owner = Keys.OwnerOf("admin").ShouldNotBeNull();
        owner.Caller.MayManage.ShouldBeTrue();
        owner.Networks.ShouldBe(["127.0.0.0/8", "::1/128"]);
        owner.Hosts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Change_IsAnnounced_WhenItIsValid()
    {
        var seen = new List<string>();
        Keys.Changed += id => seen.Add($"{id} {Keys.OwnerOf(id)?.Caller.Roles}");

        await Keys.CreateAsync(s_reader);
        await Keys.RotateAsync("wiki", null, null);
        seen.ShouldBeEmpty();
        await Keys.ReplaceAsync("nobody", s_reader);
        await Keys.ReplaceAsync("wiki", new KeyRequest { Roles = ["subscribe"] });
        await Keys.RevokeAsync("wiki");
        await Keys.RevokeAsync("wiki");

        seen.ShouldBe(["wiki Subscribe", "wiki "]);
    }

    [Fact]
    public async Task ChangesAtTheSameTime_AreDoneInTurn()
    {
        await Keys.CreateAsync(s_reader);
        var replacing = Enumerable.Range(0, 10)
            .Select(number => Keys.ReplaceAsync("wiki", s_reader with { Streams = [$"s{number}"] })).ToList();
        var rotating = Enumerable.Range(0, 10).Select(_ => Keys.RotateAsync("wiki", null, TimeSpan.Zero)).ToList();
        await Task.WhenAll([.. replacing, .. rotating]).WaitAsync(TimeSpan.FromSeconds(20));

        var key = Keys.List().ShouldHaveSingleItem();
        var valid = new List<Caller>();
        foreach (var change in rotating)
        {
            valid.AddRange(await FindAsync((await change).Secret!) is { } caller ? [caller] : []);
        }

        valid.ShouldHaveSingleItem().MayRead(key.Streams.Single()).ShouldBeTrue();
        var late = Task.WhenAll(
            Keys.RevokeAsync("wiki"), Keys.ReplaceAsync("wiki", s_reader), Keys.RotateAsync("wiki", null, null));
        (await late.WaitAsync(TimeSpan.FromSeconds(20))).Select(static change => change.Outcome)
            .ShouldBe([KeyOutcome.Done, KeyOutcome.NotFound, KeyOutcome.NotFound]);
        Keys.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task IdOfARevokedKey_IsNotUsedAgain_AlsoAfterARestart()
    {
        await Keys.CreateAsync(s_reader);
        await Keys.RevokeAsync("wiki");
        (await Keys.CreateAsync(s_reader)).Outcome.ShouldBe(KeyOutcome.IdRevoked);
        Close();
        Open();
        (await Keys.CreateAsync(s_reader)).Outcome.ShouldBe(KeyOutcome.IdRevoked);
        (await Keys.CreateAsync(s_reader with { Id = "wiki-2" })).Outcome.ShouldBe(KeyOutcome.Done);
    }

    [Fact]
    public async Task AfterTheMostRevokedKeys_NoneIsMade_AndAnyCanBeRevoked()
    {
        await Keys.CreateAsync(s_reader);
        await State.ChangeAsync(static connection => connection.Execute(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {KeyTable.RevokedIdCountMax})
            INSERT INTO access_revoked_ids SELECT 'k' || i FROM n
            """));

        (await Keys.CreateAsync(s_reader with { Id = "new" })).Outcome.ShouldBe(KeyOutcome.RevokedFull);
        (await Keys.CreateAsync(s_reader with { Id = "k1" })).Outcome.ShouldBe(KeyOutcome.IdRevoked);
        (await Keys.RevokeAsync("wiki")).Outcome.ShouldBe(KeyOutcome.Done);
        (await Keys.CreateAsync(s_reader)).Outcome.ShouldBe(KeyOutcome.IdRevoked);
    }

    [Fact]
    public async Task KeysFromBeforeNetworks_StayWhatTheyAre_AndTheOldProgramRefusesTheNewFile()
    {
        var secret = (await Keys.CreateAsync(s_reader with { Domains = ["w.example"] })).Secret!;
        await State.ChangeAsync(static connection => connection.Execute(
            """
            UPDATE access_keys SET key = json_remove(key, '$.networks', '$.hosts');
            DROP TABLE access_revoked_ids;
            DROP TABLE access_token_secret;
            UPDATE migrations SET version = 2 WHERE feature = 'access';
            """));
        Close();
        Open();

        var key = Keys.List().ShouldHaveSingleItem();
        key.Domains.ShouldBe(["w.example"]);
        key.Networks.ShouldBeEmpty();
        key.Hosts.ShouldBeEmpty();
        (await FindAsync(secret))!.MayRead("own.news").ShouldBeTrue();
        (await Keys.RevokeAsync("wiki")).Outcome.ShouldBe(KeyOutcome.Done);
        Close();
        var before = KeyTable.Schema with { Steps = [.. KeyTable.Schema.Steps.Take(2)] };
        Should.Throw<StateException>(() => Open(before)).Message.ShouldContain("newer version");
    }
}

using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class KeyStoreTests : KeyStoreScene
{
    private const string GivenSecret = "given-by-somebody";

    [Fact]
    public async Task NewKey_IsFoundByItsSecret_AlsoAfterARestart()
    {
        var created = await Keys.CreateAsync(new KeyRequest
        {
            Id = "wiki", Roles = ["publish"], Streams = ["mediawiki.*"], Wikis = ["wdb"], Domains = ["w.example"],
        });
        created.Outcome.ShouldBe(KeyOutcome.Done);
        Close();
        Open();

        var caller = (await FindAsync(created.Secret!)).ShouldNotBeNull();
        caller.Id.ShouldBe("wiki");
        caller.MayPublishTo("mediawiki.page-create").ShouldBeTrue();
        caller.MayPublishTo("own.news").ShouldBeFalse();
        caller.FindFault("wdb"u8, "w.example"u8).ShouldBe(WikiFault.None);
        caller.FindFault(default, "w.example"u8).ShouldBe(WikiFault.None);
        caller.FindFault("other"u8, default).ShouldBe(WikiFault.Wiki);
        caller.FindFault(default, "x.example"u8).ShouldBe(WikiFault.Domain);
        caller.MayRead("mediawiki.page-create").ShouldBeFalse();
        (await FindAsync(created.Secret + "x")).ShouldBeNull();
        (await FindAsync(created.Secret!.Replace("wiki", "wika", StringComparison.Ordinal))).ShouldBeNull();
        (await FindAsync("")).ShouldBeNull();
    }

    [Fact]
    public async Task NewKey_WithoutId_GetsOne()
    {
        var created = await Keys.CreateAsync(new KeyRequest { Roles = ["read"] });
        KeyRules.IsValidId(created.Key!.Id).ShouldBeTrue();
        Keys.List().ShouldHaveSingleItem().Id.ShouldBe(created.Key.Id);
    }

    [Fact]
    public async Task GivenSecret_IsFound_AlsoAfterARestart()
    {
        var created = await Keys.CreateAsync(new KeyRequest { Id = "dream", Roles = ["read"], Secret = GivenSecret });
        created.Secret.ShouldBeNull();
        (await FindAsync(GivenSecret))!.Id.ShouldBe("dream");
        Close();
        Open();

        (await FindAsync(GivenSecret))!.Id.ShouldBe("dream");
        Close();
        Open();
        (await FindAsync(GivenSecret + "x")).ShouldBeNull();
        (await Keys.CreateAsync(new KeyRequest { Id = "other", Roles = ["read"], Secret = GivenSecret }))
            .Outcome.ShouldBe(KeyOutcome.SecretTaken);
    }

    [Fact]
    public async Task Secrets_AreNotKept()
    {
        var created = await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] });
        await Keys.CreateAsync(new KeyRequest { Id = "dream", Roles = ["read"], Secret = GivenSecret });
        Close();

        foreach (var file in Directory.GetFiles(Folder, StateDatabase.FileName + "*"))
        {
            var bytes = await File.ReadAllTextAsync(
                file, System.Text.Encoding.Latin1, TestContext.Current.CancellationToken);
            bytes.ShouldNotContain(created.Secret!);
            bytes.ShouldNotContain(GivenSecret);
        }
    }

    [Fact]
    public async Task RotatedKey_KeepsItsOldSecret_ForAWhile()
    {
        var first = (await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] })).Secret!;
        var caller = await FindAsync(first);
        var second = (await Keys.RotateAsync("wiki", null, null)).Secret!;
        second.ShouldNotBe(first);
        (await FindAsync(first)).ShouldBe(caller);
        caller!.MayRead("own.news").ShouldBeTrue();
        (await FindAsync(second))!.Id.ShouldBe("wiki");

        Time.Advance(Limits.RotationOverlap - TimeSpan.FromSeconds(1));
        (await FindAsync(first)).ShouldBe(caller);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await FindAsync(first)).ShouldBeNull();
        caller.MayRead("own.news").ShouldBeFalse();
        (await FindAsync(second))!.MayRead("own.news").ShouldBeTrue();
        KeyAnswer.Of(Keys.List().Single(), Time.GetUtcNow()).OldSecretValidUntil.ShouldBeNull();
    }

    [Fact]
    public async Task RotatedKey_WithoutOverlap_LosesItsOldSecretAtOnce()
    {
        await Keys.CreateAsync(new KeyRequest { Id = "dream", Roles = ["read"], Secret = GivenSecret });
        (await Keys.RotateAsync("dream", GivenSecret + "2", TimeSpan.Zero)).Outcome.ShouldBe(KeyOutcome.Done);
        (await FindAsync(GivenSecret)).ShouldBeNull();
        (await FindAsync(GivenSecret + "2"))!.Id.ShouldBe("dream");
    }

    [Fact]
    public async Task RotatedTwice_TheFirstSecretKeepsItsOwnEnd()
    {
        var first = (await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] })).Secret!;
        await Keys.RotateAsync("wiki", null, TimeSpan.FromMinutes(1));
        var third = (await Keys.RotateAsync("wiki", null, TimeSpan.FromHours(1))).Secret!;
        Time.Advance(TimeSpan.FromMinutes(2));
        (await FindAsync(first)).ShouldBeNull();
        (await FindAsync(third)).ShouldNotBeNull();
    }

    [Fact]
    public async Task RotatedWithoutOverlap_AllOlderSecretsEnd_AlsoForThoseWhoAreConnected()
    {
        var first = (await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] })).Secret!;
        var second = (await Keys.RotateAsync("wiki", null, TimeSpan.FromHours(1))).Secret!;
        Caller[] connected = [(await FindAsync(first))!, (await FindAsync(second))!];
        var third = (await Keys.RotateAsync("wiki", null, TimeSpan.Zero)).Secret!;
        connected.ShouldAllBe(caller => !caller.MayRead("own.news"));
        (await FindAsync(first)).ShouldBeNull();
        (await FindAsync(second)).ShouldBeNull();
        (await FindAsync(third))!.MayRead("own.news").ShouldBeTrue();
    }

    [Fact]
    public async Task RevokedKey_IsGone_AlsoForThoseWhoAreConnected()
    {
        var secret = (await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] })).Secret!;
        var connected = (await FindAsync(secret))!;
        (await Keys.RevokeAsync("wiki")).Outcome.ShouldBe(KeyOutcome.Done);

        (await FindAsync(secret)).ShouldBeNull();
        connected.MayRead("own.news").ShouldBeFalse();
        (await Keys.RevokeAsync("wiki")).Outcome.ShouldBe(KeyOutcome.NotFound);
        (await Keys.RotateAsync("wiki", null, null)).Outcome.ShouldBe(KeyOutcome.NotFound);
        Close();
        Open();
        (await FindAsync(secret)).ShouldBeNull();
        Keys.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Id_IsTakenOnce_AndTheCountIsLimited()
    {
        Limits = Limits with { CountMax = 1 };
        Close();
        Open();
        await Keys.CreateAsync(new KeyRequest { Id = "a", Roles = ["read"] });
        (await Keys.CreateAsync(new KeyRequest { Id = "a", Roles = ["read"] })).Outcome.ShouldBe(KeyOutcome.IdTaken);
        (await Keys.CreateAsync(new KeyRequest { Id = "b", Roles = ["read"] })).Outcome.ShouldBe(KeyOutcome.Full);
    }

    [Fact]
    public async Task AdminKey_IsNeitherListedNorChanged()
    {
        var secret = (await File.ReadAllTextAsync(
            Path.Combine(Folder, AdminKey.FileName), TestContext.Current.CancellationToken)).Trim();
        (await FindAsync(secret))!.MayManage.ShouldBeTrue();
        Keys.List().ShouldBeEmpty();
        (await Keys.RotateAsync("admin", null, null)).Outcome.ShouldBe(KeyOutcome.NotFound);
        (await Keys.RevokeAsync("admin")).Outcome.ShouldBe(KeyOutcome.NotFound);
    }

    [Theory]
    [InlineData("DELETE FROM access_salt", "access_salt does not hold one salt")]
    [InlineData("INSERT INTO access_keys VALUES ('a', '{')", "'a' of access_keys is not a key")]
    [InlineData("INSERT INTO access_keys VALUES ('a', 'null')", "'a' of access_keys is not a key")]
    [InlineData("UPDATE access_keys SET key = replace(key, '\"streams\":[]', '\"streams\":null')",
        "'wiki' of access_keys is not a key")]
    [InlineData("UPDATE access_keys SET key = replace(key, '\"wikis\":[]', '\"wikis\":[null]')",
        "'wiki' of access_keys is not a key")]
    [InlineData("UPDATE access_keys SET key = replace(key, '\"networks\":[]', '\"networks\":[\"10.1.2.3/8\"]')",
        "'wiki' of access_keys is not a key")]
    [InlineData("UPDATE access_keys SET key = replace(key, '\"hosts\":[]', '\"hosts\":[null]')",
        "'wiki' of access_keys is not a key")]
    [InlineData("UPDATE access_keys SET key = replace(key, '\"secrets\":[', '\"secrets\":[null,')",
        "'wiki' of access_keys is not a key")]
    [InlineData("UPDATE access_keys SET key = replace(key, '\"hash\":\"', '\"hash\":\"AAAA')",
        "'wiki' of access_keys is not a key")]
    [InlineData("INSERT INTO access_keys SELECT 'admin', replace(key, '\"wiki\"', '\"admin\"') FROM access_keys",
        "'admin' of access_keys is not a key")]
    public async Task TablesThatSomebodyChanged_AreRefused(string sql, string reason)
    {
        await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] });
        await State.ChangeAsync(connection => connection.Execute(sql));
        Close();
        Should.Throw<InvalidDataException>(Open).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task KeysFromBeforeDomains_StayWhatTheyAre()
    {
        var secret = (await Keys.CreateAsync(
            new KeyRequest { Id = "wiki", Roles = ["publish", "read"], Wikis = ["wdb", "w.example"] })).Secret!;
        await State.ChangeAsync(connection => connection.Execute(
            """
            UPDATE access_keys SET key = json_remove(key, '$.domains', '$.networks', '$.hosts');
            DROP TABLE access_revoked_ids;
            DROP TABLE access_token_secret;
            UPDATE migrations SET version = 1 WHERE feature = 'access';
            """));
        Close();
        Open();

        Keys.List().ShouldHaveSingleItem().Domains.ShouldBeEmpty();
        var caller = (await FindAsync(secret))!;
        caller.FindFault("wdb"u8, "x.example"u8).ShouldBe(WikiFault.None);
        caller.FindFault(default, "w.example"u8).ShouldBe(WikiFault.None);
        caller.FindFault("other"u8, "w.example"u8).ShouldBe(WikiFault.Wiki);
        caller.MayReadRecord("own.news", "other"u8, "w.example"u8).ShouldBeTrue();
        State.Read(static connection => connection.Query(
            "SELECT key FROM access_keys", static row => row.GetString(0)))
            .ShouldHaveSingleItem().ShouldContain("\"domains\":[]");
    }

    [Fact]
    public async Task ManyKeys_AreReadInOneStep()
    {
        await Keys.CreateAsync(new KeyRequest { Id = "wiki", Roles = ["read"] });
        await State.ChangeAsync(connection => connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO access_keys SELECT 'k' || i, replace(key, '"wiki"', '"k' || i || '"')
            FROM n CROSS JOIN access_keys
            """));
        Close();
        await Task.Run(Open, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));
        Keys.List().Count().ShouldBe(20_001);
    }
}

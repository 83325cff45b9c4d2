using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.State;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// The keys in the state database: one row each, the salt that all given secrets share, and the secret of the tokens.
/// </summary>
internal static class KeyTable
{
    /// <summary>
    /// Most ids of revoked keys. When there are as many, no key can be made any more; keys can still be revoked.
    /// </summary>
    public const int RevokedIdCountMax = 1_000_000;

    private const Role AllRoles = Role.Publish | Role.Read | Role.Manage | Role.Subscribe | Role.Chain;

    public static readonly StateSchema Schema = new("access",
    [
        """
        CREATE TABLE access_keys (id TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE access_salt (salt BLOB NOT NULL);
        INSERT INTO access_salt (salt) VALUES (randomblob(16));
        """,

        // A program without domains would ignore a key's limit to domains, so it must refuse the file.
        "UPDATE access_keys SET key = json_set(key, '$.domains', json_array())",

        // A program without these would give a revoked id to another key.
        """
        UPDATE access_keys SET key = json_set(key, '$.networks', json_array(), '$.hosts', json_array());
        CREATE TABLE access_revoked_ids (id TEXT PRIMARY KEY) WITHOUT ROWID;
        """,

        """
        CREATE TABLE access_token_secret (secret BLOB NOT NULL);
        INSERT INTO access_token_secret (secret) VALUES (randomblob(32));
        """,
    ],
    static connection =>
    {
        ReadSalt(connection);
        ReadTokenSecret(connection);
        Read(connection);
    });

    /// <exception cref="InvalidDataException">There is not exactly one salt.</exception>
    public static byte[] ReadSalt(SqliteConnection connection) => ReadOne(connection, "access_salt", "salt");

    /// <exception cref="InvalidDataException">There is not exactly one secret.</exception>
    public static byte[] ReadTokenSecret(SqliteConnection connection) =>
        ReadOne(connection, "access_token_secret", "secret");

    /// <exception cref="InvalidDataException">A row does not hold a key.</exception>
    public static List<AccessKey> Read(SqliteConnection connection) => connection.Query(
        "SELECT id, key FROM access_keys ORDER BY id", static row => Parse(row.GetString(0), row.GetString(1)));

    public static void Put(SqliteConnection connection, AccessKey key) => connection.Execute(
        "INSERT OR REPLACE INTO access_keys (id, key) VALUES ($id, $key)",
        ("$id", key.Id), ("$key", JsonSerializer.Serialize(key, AccessJson.Default.AccessKey)));

    /// <summary>Removes a key, and keeps its id.</summary>
    public static void Revoke(SqliteConnection connection, string id) => connection.Execute(
        """
        DELETE FROM access_keys WHERE id = $id;
        INSERT OR IGNORE INTO access_revoked_ids (id) VALUES ($id);
        """,
        ("$id", id));

    public static bool IsRevoked(SqliteConnection connection, string id) => connection.Query(
        "SELECT 1 FROM access_revoked_ids WHERE id = $id", static row => true, ("$id", id)).Count > 0;

    public static long CountRevoked(SqliteConnection connection) =>
        connection.Query("SELECT count(*) FROM access_revoked_ids", static row => row.GetInt64(0))[0];

    // Nullable annotations say nothing about JSON that somebody changed.
    private static bool IsWhole(AccessKey key) =>
        KeyRules.IsValidId(key.Id)
        && key.Id != AdminKey.Id
        && key.Roles != Role.None
        && (key.Roles & ~AllRoles) == 0
        && key.Streams?.Contains(null!) == false
        && key.Wikis?.Contains(null!) == false
        && key.Domains?.Contains(null!) == false
        && key.Networks?.All(static text => text is not null && KeyDestinations.FindNetwork(text) == text) == true
        && key.Hosts?.All(static text => text is not null && KeyDestinations.FindHost(text) == text) == true
        && key.Secrets is { Count: > 0 } secrets
        && secrets.All(static secret => secret is { Hash.Length: SHA256.HashSizeInBytes }
            && Enum.IsDefined(secret.Kind));

    private static byte[] ReadOne(SqliteConnection connection, string table, string column) =>
        connection.Query($"SELECT {column} FROM {table}", static row => row.GetFieldValue<byte[]>(0)) is [var value]
            ? value
            : throw new InvalidDataException(
                $"{StateDatabase.FileName} is damaged: {table} does not hold one {column}. {StateFile.WhatToDo}");

    private static AccessKey Parse(string id, string json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, AccessJson.Default.AccessKey) is { } key
                && key.Id == id && IsWhole(key))
            {
                return key;
            }
        }
        catch (JsonException)
        {
            // The message may quote the row, and a row holds hashes.
        }

        throw new InvalidDataException(
            $"{StateDatabase.FileName} is damaged: the row '{id}' of access_keys is not a key. Bring the file back "
            + "from a backup, or remove that row with sqlite3 and create the key again.");
    }
}

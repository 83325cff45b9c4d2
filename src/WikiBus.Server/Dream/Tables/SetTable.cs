using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Tables;

/// <summary>
/// The subscription sets in the state database: one row each, and the number of changes so far, which is the version
/// of the combined set.
/// </summary>
internal static class SetTable
{
    public static readonly StateSchema Schema = new("dream",
    [
        """
        CREATE TABLE dream_sets (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          location TEXT NOT NULL UNIQUE,
          key_id TEXT NOT NULL,
          access_key TEXT NOT NULL,
          document TEXT NOT NULL,
          destinations TEXT NOT NULL);
        CREATE TABLE dream_version (version INTEGER NOT NULL);
        INSERT INTO dream_version (version) VALUES (1);
        """,
    ],
    static connection =>
    {
        ReadVersion(connection);
        Read(connection);
    });

    /// <summary>All sets, in the order of their creation.</summary>
    /// <exception cref="InvalidDataException">A row does not hold a set.</exception>
    public static List<StoredSet> Read(SqliteConnection connection) => connection.Query(
        "SELECT number, location, key_id, access_key, document, destinations FROM dream_sets ORDER BY number",
        static row => new StoredSet(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3),
            ParseDocument(row.GetString(1), row.GetString(4)),
            ParseDestinations(row.GetString(1), row.GetString(5))));

    /// <exception cref="InvalidDataException">There is not exactly one version.</exception>
    public static long ReadVersion(SqliteConnection connection) =>
        connection.Query("SELECT version FROM dream_version", static row => row.GetInt64(0)) is [var version]
            ? version
            : throw new InvalidDataException(
                $"{StateDatabase.FileName} is damaged: dream_version does not hold one version. {StateFile.WhatToDo}");

    /// <summary>Adds a set, whose number is not used, and counts a change.</summary>
    /// <returns>The number.</returns>
    public static long Add(SqliteConnection connection, StoredSet set)
    {
        connection.Execute(
            """
            INSERT INTO dream_sets (location, key_id, access_key, document, destinations)
            VALUES ($location, $key, $access, $document, $destinations);
            UPDATE dream_version SET version = version + 1
            """,
            Parameters(set));
        return connection.Query("SELECT number FROM dream_sets WHERE location = $location",
            static row => row.GetInt64(0), ("$location", set.Location)).Single();
    }

    /// <summary>Replaces a set, and counts a change if it is one.</summary>
    public static void Replace(SqliteConnection connection, StoredSet set, bool isChange) => connection.Execute(
        """
        UPDATE dream_sets
        SET key_id = $key, access_key = $access, document = $document, destinations = $destinations
        WHERE location = $location;
        UPDATE dream_version SET version = version + $change
        """,
        [.. Parameters(set), ("$change", isChange ? 1 : 0)]);

    /// <summary>Deletes a set, and counts a change.</summary>
    public static void Delete(SqliteConnection connection, string location) => connection.Execute(
        """
        DELETE FROM dream_sets WHERE location = $location;
        UPDATE dream_version SET version = version + 1
        """,
        ("$location", location));

    /// <summary>Counts a change that no set made.</summary>
    public static void CountChange(SqliteConnection connection) =>
        connection.Execute("UPDATE dream_version SET version = version + 1");

    private static (string Name, object Value)[] Parameters(StoredSet set) =>
    [
        ("$location", set.Location), ("$key", set.KeyId), ("$access", set.AccessKey),
        ("$document", SetWriter.Write(set.Set).ToString(SaveOptions.DisableFormatting)),
        ("$destinations",
            JsonSerializer.Serialize(set.Destinations.ToDictionary(), SetTableJson.Default.DictionaryInt32String)),
    ];

    private static SubscriptionSet ParseDocument(string location, string document)
    {
        try
        {
            if (SetReader.TryRead(XElement.Parse(document), out var set, out _))
            {
                return set;
            }
        }
        catch (XmlException)
        {
            // The message may quote the document, which holds cookies.
        }

        throw Damaged(location);
    }

    private static Dictionary<int, string> ParseDestinations(string location, string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SetTableJson.Default.DictionaryInt32String)
                ?? throw Damaged(location);
        }
        catch (JsonException)
        {
            throw Damaged(location);
        }
    }

    private static InvalidDataException Damaged(string location) => new(
        $"{StateDatabase.FileName} is damaged: the row '{location}' of dream_sets is not a set. Bring the file back "
        + "from a backup, or remove that row with sqlite3; its owner can create the set again.");
}

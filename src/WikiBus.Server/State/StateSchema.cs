using Microsoft.Data.Sqlite;

namespace WikiBus.Server.State;

/// <summary>
/// The tables of one feature, as a list of scripts. Each script is a step from one version to the next. A released step
/// never changes; a new version appends a step.
/// </summary>
/// <param name="Feature">The name under which the database keeps the feature's version.</param>
/// <param name="Steps">The script at index i makes version i + 1 from version i.</param>
/// <param name="Verify">Reads all rows of the newest version, and throws <see cref="InvalidDataException"/> at one that
/// the feature cannot use; null: any row will do.</param>
internal sealed record StateSchema(
    string Feature, IReadOnlyList<string> Steps, Action<SqliteConnection>? Verify = null);

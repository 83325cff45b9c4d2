namespace WikiBus.Server.State;

/// <summary>
/// The tables of one feature, as steps: each is a script that leads from one version to the next. A step that was
/// released is never changed; a new version appends one.
/// </summary>
/// <param name="Feature">The name under which the database keeps the feature's version.</param>
/// <param name="Steps">The script at index i leads from version i to version i + 1.</param>
internal sealed record StateSchema(string Feature, IReadOnlyList<string> Steps);

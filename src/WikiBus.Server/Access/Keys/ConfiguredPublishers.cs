namespace WikiBus.Server.Access.Keys;

/// <summary>
/// The services of the configuration that get a token as keys do, see <see cref="PublishTokens"/>. A token ends when
/// its service leaves the configuration. Immutable.
/// </summary>
/// <param name="Ids">Their ids, which no key can have.</param>
internal sealed record ConfiguredPublishers(IReadOnlySet<string> Ids);

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>The rows that are sent to one service, in order.</summary>
/// <param name="Dialect">Whose events they are: <c>mediawiki</c> or <c>deki</c>.</param>
/// <param name="Service">The name of the service in the settings.</param>
internal sealed record OutboxQueue(string Dialect, string Service);

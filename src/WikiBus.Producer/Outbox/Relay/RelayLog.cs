using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>What the relay logs. No message has a part of an event.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(201, LogLevel.Information, "This process sends the events of the outbox from now on")]
    public static partial void Leads(this ILogger logger);

    [LoggerMessage(202, LogLevel.Warning, "The relay of the outbox cannot work with the database; it tries again")]
    public static partial void DatabaseFails(this ILogger logger, Exception exception);

    [LoggerMessage(
        203, LogLevel.Warning, "The service {Service} at {Address} does not take events: {Answer}; they wait")]
    public static partial void ServiceFails(this ILogger logger, string service, string address, string answer);

    [LoggerMessage(
        204,
        LogLevel.Error,
        "The service {Service} at {Address} refuses all events: {Answer}; they wait until its key or address is right")]
    public static partial void ServiceRefusesAll(this ILogger logger, string service, string address, string answer);

    [LoggerMessage(
        205,
        LogLevel.Error,
        "An event of {Stream} is parked, because the service {Service} refused it; the reason is in "
            + "IOutboxAdministration.ListParkedAsync")]
    public static partial void Parked(this ILogger logger, string stream, string service);

    [LoggerMessage(
        206,
        LogLevel.Error,
        "{Rows} rows of the outbox wait for the service {Service} ({Dialect}), which the settings do not have")]
    public static partial void UnknownService(this ILogger logger, long rows, string service, string dialect);

    [LoggerMessage(208, LogLevel.Information, "The service {Service} takes events again")]
    public static partial void ServiceWorks(this ILogger logger, string service);

    [LoggerMessage(
        209,
        LogLevel.Warning,
        "Events of {Stream} are an error for the service {Service}: they are sent again each minute, and parked after "
            + "an hour; the reason is in IOutboxAdministration.ListParkedAsync")]
    public static partial void Retrying(this ILogger logger, string stream, string service);

    [LoggerMessage(207, LogLevel.Debug, "The relay of the outbox ended without giving up its lead")]
    public static partial void CannotResign(this ILogger logger, Exception exception);
}

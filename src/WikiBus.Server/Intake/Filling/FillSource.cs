using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Filling;

/// <summary>The source of a value that intake fills in.</summary>
internal enum FillSource
{
    /// <summary>The query parameter of <see cref="IntakeOptions.SchemaUriQueryParam"/>.</summary>
    SchemaUriParameter,

    /// <summary>The query parameter of <see cref="IntakeOptions.StreamQueryParam"/>.</summary>
    StreamParameter,

    /// <summary>A new UUID of version 7.</summary>
    NewId,

    /// <summary>The time at which the request came.</summary>
    Now,

    /// <summary>A request header: <see cref="FillField.Header"/>.</summary>
    Header,

    /// <summary>The address of the client, from headers or the connection.</summary>
    ClientAddress,
}

namespace WikiBus.Server.Intake;

/// <summary>Where the value of a member comes from that intake fills in.</summary>
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

    /// <summary>The address of the client, as headers or the connection tell it.</summary>
    ClientAddress,
}

namespace WikiBus.Server.Dream.Settings;

/// <summary>The URIs of this service.</summary>
internal sealed class OwnUris
{
    public string Own => "http://localhost/pubsub";
}

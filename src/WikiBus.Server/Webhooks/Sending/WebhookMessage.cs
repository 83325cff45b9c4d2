using System.Globalization;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Webhooks.Sending;

/// <summary>Makes signed requests, as Standard Webhooks 1.0.0 says.</summary>
internal static class WebhookMessage
{
    private const string JsonType = "application/json";

    /// <summary>The body of a test request.</summary>
    private static readonly byte[] s_testBody = """{"type":"wikibus.test"}"""u8.ToArray();

    /// <summary>The request that delivers a record: its bytes and its content type are those that are stored.</summary>
    public static HttpRequestMessage Of(Webhook webhook, DeliveryRequest delivery, DateTimeOffset now)
    {
        var record = delivery.Record;
        var id = string.Create(
            CultureInfo.InvariantCulture,
            $"msg_{delivery.LogId}_{record.Position}_{record.TimeMs}_{delivery.Number}");
        var request = Signed(webhook, id, record.Payload, ContentTypeOf(record), now);
        Add(request, "wikibus-stream", record.Stream);
        Add(request, "wikibus-offset", record.Offset.ToString(CultureInfo.InvariantCulture));
        Add(request, "wikibus-position", record.Position.ToString(CultureInfo.InvariantCulture));
        Add(request, "wikibus-attempt", delivery.Try.ToString(CultureInfo.InvariantCulture));
        if (record.Id.Length > 0)
        {
            Add(request, "wikibus-event-id", HeaderText.Encode(record.Id));
        }

        return request;
    }

    /// <summary>A request with which a person tries out a subscription.</summary>
    public static HttpRequestMessage Test(Webhook webhook, long number, DateTimeOffset now)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"test_{number}_{now.ToUnixTimeMilliseconds()}");
        return Signed(webhook, id, s_testBody, JsonType, now);
    }

    private static HttpRequestMessage Signed(
        Webhook webhook, string id, byte[] body, string contentType, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in webhook.Definition.Headers)
        {
            Add(request, name, value);
        }

        var timestamp = now.ToUnixTimeSeconds();
        Add(request, "webhook-id", id);
        Add(request, "webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        Add(request, "webhook-signature", WebhookSignature.Sign(webhook.SecretsAt(now), id, timestamp, body));
        return request;
    }

    // The log stores no type for JSON.
    private static string ContentTypeOf(DeliveryRecord record) =>
        record.ContentType.Length > 0 ? record.ContentType : JsonType;

    private static void Add(HttpRequestMessage request, string name, string value) =>
        request.Headers.TryAddWithoutValidation(name, value);
}

using System.Buffers;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Dream.Events;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Dream.Events;

public sealed class DreamEventTests
{
    [Fact]
    public void Record_KeepsTheHeadersInTheirOrder()
    {
        var read = DreamEvent.Of(RecordOf(
            "application/xml", ("origin", "http://o/2"), ("via", "http://v/2"), ("resource", "http://r"),
            ("wiki", "default"), ("origin", "http://o/1"), ("recipient", "http://a/2"), ("recipient", "http://a/1"),
            ("via", "http://v/1")));
        read.ShouldSatisfyAllConditions(
            () => read.Id.ShouldBe("7"),
            () => read.Channel.ShouldBe("event://w/a"),
            () => read.Resource.ShouldBe("http://r"),
            () => read.Origins.ShouldBe(["http://o/2", "http://o/1"]),
            () => read.Recipients.ShouldBe(["http://a/2", "http://a/1"]),
            () => read.Vias.ShouldBe(["http://v/2", "http://v/1"]),
            () => read.ContentType.ShouldBe("application/xml"),
            () => read.Body.ToArray().ShouldBe("{}"u8.ToArray()));
    }

    [Fact]
    public void RecordOfAnotherDialect_IsJsonAndNamesNobody()
    {
        var read = DreamEvent.Of(RecordOf(""));
        read.ShouldSatisfyAllConditions(
            () => read.Resource.ShouldBeNull(),
            () => read.Origins.ShouldBeEmpty(),
            () => read.Recipients.ShouldBeEmpty(),
            () => read.Vias.ShouldBeEmpty(),
            () => read.ContentType.ShouldBe("application/json"));
    }

    private static DeliveryRecord RecordOf(string contentType, params (string Name, string Value)[] attributes)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new AttributeWriter(output);
        foreach (var (name, value) in attributes)
        {
            writer.Add(name, value);
        }

        return new DeliveryRecord
        {
            Position = 1,
            Stream = "a",
            Offset = 0,
            TimeMs = 0,
            KeyHash = 0,
            ContentType = contentType,
            Id = "7"u8.ToArray(),
            Channel = "event://w/a"u8.ToArray(),
            Wiki = [],
            Attributes = output.WrittenSpan.ToArray(),
            Payload = "{}"u8.ToArray(),
        };
    }
}

using System.Buffers.Binary;
using System.Text;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// A damaged record between good ones of one frame: a reader returns those before it, then reports the damage at each
/// further read.
/// </summary>
public sealed class DamagedRecordTests
{
    private const int WholeFrame = 256 * 1024;
    private const int OneRecord = 1;

    /// <summary>The place of the length of a record's id, from the record's checksum on.</summary>
    private const int IdLengthAt = 56;

    [Theory]
    [InlineData(WholeFrame)]
    [InlineData(OneRecord)]
    public async Task DamagedRecord_IsToldAfterTheGoodOnesBeforeIt(int bytesMax)
    {
        await using var bed = await LogAsync();
        var (at, length) = PlaceOf(bed, "third");
        Change(bed, at + length - 1, [(byte)'X']);
        using var reader = bed.Log.OpenReader(0);

        Collect(reader, bytesMax, count: 3).ShouldBe(["0 zeroth", "1 first", "2 second"]);

        ShouldSayWhere(reader, at, length);
        ShouldSayWhere(reader, at, length);
    }

    [Fact]
    public async Task RecordWhoseLengthsDoNotFit_IsToldAfterTheGoodOnesAndNeverPassedOver()
    {
        await using var bed = await LogAsync();
        var (at, length) = PlaceOf(bed, "third");
        var record = bed.Disk.ReadAll(bed.Segments()[0])[at..(at + length)];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(IdLengthAt), int.MaxValue);
        var content = record.AsSpan(FrameBuffer.RecordChecksumLength);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Compute(content));
        Change(bed, at, record);
        using var reader = bed.Log.OpenReader(0);

        Collect(reader, WholeFrame, count: 3).ShouldBe(["0 zeroth", "1 first", "2 second"]);

        ShouldSayWhere(reader, at, length);
        ShouldSayWhere(reader, at, length);
    }

    [Fact]
    public async Task DamagedFrameHeader_IsToldAfterTheFramesBeforeIt()
    {
        await using var bed = await LogAsync();
        var (first, _) = PlaceOf(bed, "first");
        var header = first - FrameHeader.LengthFor(4);
        Change(bed, header, [0]);
        using var reader = bed.Log.OpenReader(0);

        Collect(reader, WholeFrame, count: 1).ShouldBe(["0 zeroth"]);

        ShouldSayWhere(reader, header, FrameHeader.FixedLength);
    }

    [Fact]
    public async Task DamageThatIsGone_IsReadOn()
    {
        await using var bed = await LogAsync();
        await bed.AppendAsync("a", "last");
        var (at, length) = PlaceOf(bed, "third");
        Change(bed, at + length - 1, [(byte)'X']);
        using var reader = bed.Log.OpenReader(0);
        Collect(reader, WholeFrame, count: 3);
        ShouldSayWhere(reader, at, length);

        Change(bed, at + length - 1, [(byte)'d']);

        Collect(reader, WholeFrame, count: 3).ShouldBe(["3 third", "4 fourth", "5 last"]);
    }

    /// <summary>A frame of one record, and one of four; opened again, so that readers ask the file for them.</summary>
    private static async Task<LogBed> LogAsync()
    {
        var bed = LogBed.Start();
        await bed.AppendAsync("a", "zeroth");
        await bed.AppendAsync(
            LogBed.Draft("a", "first"), LogBed.Draft("b", "second"), LogBed.Draft("a", "third"),
            LogBed.Draft("b", "fourth"));
        await bed.ReopenAsync();
        return bed;
    }

    /// <summary>Reads until this number of records was returned.</summary>
    private static List<string> Collect(LogReader reader, int bytesMax, int count)
    {
        var found = new List<string>();
        using var batch = new RecordBatch();
        while (found.Count < count)
        {
            reader.Read(batch, bytesMax).ShouldBeTrue();
            found.AddRange(batch.Records.Select(
                record => $"{record.Position} {Encoding.UTF8.GetString(record.Payload.Span)}"));
        }

        return found;
    }

    private static void ShouldSayWhere(LogReader reader, int at, int length)
    {
        var position = reader.Position;
        using var batch = new RecordBatch();
        Should.Throw<LogDamagedException>(() => reader.Read(batch)).Message
            .ShouldContain($"damaged at bytes {at} to {at + length} (positions from {position} on)");
        batch.Records.ShouldBeEmpty();
        reader.Position.ShouldBe(position);
    }

    /// <summary>Where the record with a payload begins, and its length.</summary>
    private static (int At, int Length) PlaceOf(LogBed bed, string payload)
    {
        var bytes = bed.Disk.ReadAll(bed.Segments()[0]);
        var end = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(payload)) + payload.Length;
        var draft = LogBed.Draft("a", payload);
        var length = RecordView.FixedLength + 1 + draft.Channel.Length + draft.Key.Length + draft.ContentType.Length
            + payload.Length;
        return (end - length, length);
    }

    private static void Change(LogBed bed, int at, ReadOnlySpan<byte> bytes)
    {
        using var file = bed.Disk.Open(bed.Segments()[0], StorageFileMode.ReadWrite);
        file.Write(at, bytes);
    }
}

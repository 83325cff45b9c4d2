using System.Buffers;
using WikiBus.Server.Intake.Filling;

namespace WikiBus.Server.Tests.Intake.Filling;

public sealed class ByteArenaTests
{
    [Fact]
    public void Pieces_StayWhatTheyWere_WhileMoreIsWritten()
    {
        using var arena = new ByteArena();
        var random = new Random(20261123);
        var pieces = new List<(byte[] Written, ReadOnlyMemory<byte> Kept)>();
        for (var round = 0; round < 500; round++)
        {
            var piece = new byte[random.Next(0, 3000)];
            random.NextBytes(piece);
            var cut = random.Next(0, piece.Length + 1);
            arena.Write(piece.AsSpan(0, cut));
            arena.Write(piece.AsSpan(cut));
            pieces.Add((piece, arena.Take()));
        }

        foreach (var (written, kept) in pieces)
        {
            kept.Span.SequenceEqual(written).ShouldBeTrue();
        }
    }

    [Fact]
    public void ClearedArena_IsEmpty()
    {
        using var arena = new ByteArena();
        arena.Write(new byte[50_000]);
        arena.Clear();
        arena.Take().Length.ShouldBe(0);
        arena.Write("abc"u8);
        arena.Take().Span.SequenceEqual("abc"u8).ShouldBeTrue();
    }
}

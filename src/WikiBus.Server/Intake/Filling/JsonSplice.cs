using System.Buffers;
using WikiBus.Schemas;

namespace WikiBus.Server.Intake.Filling;

/// <summary>
/// Inserts members into objects of a JSON text, before their closing braces. All other bytes stay as they are, because
/// a subscriber may verify what was sent.
/// </summary>
internal static class JsonSplice
{
    /// <summary>Writes an event with insertions; members of one object keep the order of the list.</summary>
    /// <param name="text">The event.</param>
    /// <param name="textStart">The index of the text's first byte, as the insertions count.</param>
    /// <param name="insertions">The insertions; this method sorts them by place.</param>
    /// <param name="output">Gets the new text.</param>
    public static void Write(
        ReadOnlySpan<byte> text, int textStart, List<SchemaDefault> insertions, IBufferWriter<byte> output)
    {
        Sort(insertions);
        var copied = 0;
        var previousEnd = -1;
        foreach (var insertion in insertions)
        {
            var place = insertion.ObjectEnd - textStart;
            output.Write(text[copied..place]);
            copied = place;
            if (!insertion.ObjectIsEmpty || insertion.ObjectEnd == previousEnd)
            {
                output.Write(","u8);
            }

            output.Write(insertion.MemberJson.Span);
            previousEnd = insertion.ObjectEnd;
        }

        output.Write(text[copied..]);
    }

    /// <summary>How far the insertions move the byte at an index.</summary>
    public static int Shift(int index, List<SchemaDefault> insertions)
    {
        var shift = 0;
        var previousEnd = -1;
        foreach (var insertion in insertions)
        {
            if (insertion.ObjectEnd <= index)
            {
                var hasComma = !insertion.ObjectIsEmpty || insertion.ObjectEnd == previousEnd;
                shift += insertion.MemberJson.Length + (hasComma ? 1 : 0);
                previousEnd = insertion.ObjectEnd;
            }
        }

        return shift;
    }

    // The sort is stable: members of one object must keep their order.
    private static void Sort(List<SchemaDefault> insertions)
    {
        for (var index = 1; index < insertions.Count; index++)
        {
            if (insertions[index - 1].ObjectEnd > insertions[index].ObjectEnd)
            {
                var sorted = insertions.OrderBy(static insertion => insertion.ObjectEnd).ToList();
                insertions.Clear();
                insertions.AddRange(sorted);
                return;
            }
        }
    }
}

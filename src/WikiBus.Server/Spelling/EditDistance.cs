namespace WikiBus.Server.Spelling;

/// <summary>How far a mistyped name is from a known one.</summary>
internal static class EditDistance
{
    /// <summary>
    /// How many letters have to be inserted, deleted, replaced or swapped with their neighbour, each at most once. The
    /// work grows with the product of the lengths, so callers limit them.
    /// </summary>
    public static int Between(string given, string known)
    {
        var table = new int[given.Length + 1, known.Length + 1];
        for (var i = 0; i <= given.Length; i++)
        {
            for (var j = 0; j <= known.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                    table[i - 1, j - 1] + (given[i - 1] == known[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && given[i - 1] == known[j - 2] && given[i - 2] == known[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[given.Length, known.Length];
    }
}

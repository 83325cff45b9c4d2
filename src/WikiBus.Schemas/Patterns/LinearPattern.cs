namespace WikiBus.Schemas.Patterns;

/// <summary>
/// A matcher over UTF-8 for the patterns that most schemas use: anchored at the start, then repeated ASCII classes,
/// none of which overlaps the next one. One pass without a choice matches <c>^[a-f0-9]{8}(-[a-f0-9]{4}){3}$</c>,
/// <c>^\d+$</c> and <c>^/</c>.
/// </summary>
internal sealed class LinearPattern
{
    private const int StepCountMax = 256;

    private readonly Step[] _steps;
    private readonly bool _isWhole;

    private LinearPattern(Step[] steps, bool isWhole)
    {
        _steps = steps;
        _isWhole = isWhole;
    }

    /// <summary>The matcher; null when the pattern is of another kind.</summary>
    public static LinearPattern? TryCreate(PatternNode pattern)
    {
        var parts = pattern is PatternNode.Sequence sequence ? sequence.Parts : [pattern];
        if (parts.Count == 0 || parts[0] is not PatternNode.Start)
        {
            return null;
        }

        var isWhole = parts[^1] is PatternNode.End;
        var steps = new List<PatternNode.Repeat>();
        foreach (var part in parts.Skip(1).SkipLast(isWhole ? 1 : 0))
        {
            if (!TryAdd(steps, part))
            {
                return null;
            }
        }
        return IsDeterminate(steps) ? new LinearPattern([.. steps.Select(Step.Of)], isWhole) : null;
    }

    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        var position = 0;
        foreach (ref readonly var step in _steps.AsSpan())
        {
            var end = (int)Math.Min(utf8.Length, (long)position + step.Max);
            var start = position;
            while (position < end && step.Contains(utf8[position]))
            {
                position++;
            }

            if (position - start < step.Min)
            {
                return false;
            }
        }
        return !_isWhole || position == utf8.Length;
    }

    private static bool TryAdd(List<PatternNode.Repeat> steps, PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set { CodePoints.IsAscii: true }:
                steps.Add(new PatternNode.Repeat(node, 1, 1, false));
                break;
            case PatternNode.Repeat { Part: PatternNode.Set { CodePoints.IsAscii: true } } repeat:
                steps.Add(repeat);
                break;
            case PatternNode.Repeat { Min: <= StepCountMax } repeat when repeat.Min == repeat.Max:
                for (var i = 0; i < repeat.Min; i++)
                {
                    if (!TryAdd(steps, repeat.Part))
                    {
                        return false;
                    }
                }
                break;
            case PatternNode.Capture capture:
                return TryAdd(steps, capture.Part);
            case PatternNode.Sequence sequence:
                return sequence.Parts.All(part => TryAdd(steps, part)) && steps.Count <= StepCountMax;
            default:
                return false;
        }
        return steps.Count <= StepCountMax;
    }

    /// <summary>True if each step can take as much as possible.</summary>
    private static bool IsDeterminate(List<PatternNode.Repeat> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Min == steps[i].Max)
            {
                continue;
            }

            for (var next = i + 1; next < steps.Count; next++)
            {
                if (SetOf(steps[i]).Overlaps(SetOf(steps[next])))
                {
                    return false;
                }

                if (steps[next].Min > 0)
                {
                    break;
                }
            }
        }
        return true;
    }

    private static CodePointSet SetOf(PatternNode.Repeat step) => ((PatternNode.Set)step.Part).CodePoints;

    private readonly record struct Step(ulong Low, ulong High, int Min, int Max)
    {
        public bool Contains(byte unit) => unit < 128 && (((unit < 64 ? Low : High) >> unit) & 1) != 0;

        public static Step Of(PatternNode.Repeat repeat)
        {
            ulong low = 0, high = 0;
            foreach (var (first, last) in SetOf(repeat).Ranges)
            {
                for (var point = first; point <= last; point++)
                {
                    if (point < 64)
                    {
                        low |= 1UL << point;
                    }
                    else
                    {
                        high |= 1UL << (point - 64);
                    }
                }
            }
            return new Step(low, high, repeat.Min, repeat.Max);
        }
    }
}

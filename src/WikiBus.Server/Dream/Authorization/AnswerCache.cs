using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>
/// Answers of the wiki, for <see cref="AgeMax"/>: so long a right that was taken away may still count. Safe for
/// concurrent use.
/// </summary>
internal sealed class AnswerCache<TKey, TValue>(TimeProvider time)
    where TKey : notnull
{
    /// <summary>An older answer is forgotten.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(30);

    /// <summary>Most answers; a full cache is emptied.</summary>
    public const int CountMax = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (TValue Value, DateTimeOffset At)> _answers = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            var isFresh = _answers.TryGetValue(key, out var answer) && time.GetUtcNow() - answer.At < AgeMax;
            value = isFresh ? answer.Value : default;
            return isFresh;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_answers.Count >= CountMax)
            {
                _answers.Clear();
            }

            _answers[key] = (value, time.GetUtcNow());
        }
    }
}

using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>
/// Keeps answers of the wiki for <see cref="AgeMax"/>. A right that was taken away may count that long. Equal questions
/// at the same time are asked once. Safe for concurrent use.
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
    private readonly SharedCalls<TKey, DekiAnswer<TValue>> _calls = new();

    /// <summary>The answer that is known, else that of the wiki. One without a value is not kept.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="ask">Asks the wiki.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<DekiAnswer<TValue>> FindAsync(
        TKey key, Func<Task<DekiAnswer<TValue>>> ask, CancellationToken cancellationToken) =>
        TryGet(key, out var known)
            ? Task.FromResult(new DekiAnswer<TValue>(known))
            : _calls.JoinAsync(key, () => AskAsync(key, ask), cancellationToken);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            // An answer of the future is from before the clock was set back, so its age is not known.
            var isFresh = _answers.TryGetValue(key, out var answer)
                && time.GetUtcNow() - answer.At is var age && age >= TimeSpan.Zero && age < AgeMax;
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

    private async Task<DekiAnswer<TValue>> AskAsync(TKey key, Func<Task<DekiAnswer<TValue>>> ask)
    {
        // A call that ended just before this one may have answered.
        if (TryGet(key, out var known))
        {
            return new DekiAnswer<TValue>(known);
        }

        var answer = await ask();
        if (answer.Value is { } value)
        {
            Set(key, value);
        }

        return answer;
    }
}

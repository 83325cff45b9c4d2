using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using WikiBus.Json;
using WikiBus.Json.Parsing;
using WikiBus.Json.Scalars;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Patterns;

namespace WikiBus.Schemas.Rules;

/// <summary>
/// One run of a schema over a value: the tokens, the steps and the time that are left, and the dynamic scope.
/// </summary>
internal ref struct Evaluation
{
    /// <summary>
    /// Most containers and references visited, about one second: a schema whose cost multiplies with depth must not
    /// hang the server.
    /// </summary>
    private const int StepsMax = 20_000_000;

    /// <summary>
    /// Steps for a value of any size. The limit grows with the value, so that many small values cost no more than a
    /// large one.
    /// </summary>
    private const int StepsFree = 100_000;
    private const int StepsPerToken = 1_000;
    private const int DigitsOfLongMax = 18;

    /// <summary>Most time of all matches of a run that may backtrack.</summary>
    private static readonly TimeSpan s_matchTimeMax = TimeSpan.FromSeconds(1);

    private readonly List<SchemaResource>? _scopes;
    private int _stepsLeft;
    private TimeSpan _matchTime;

    /// <summary>Begins a run.</summary>
    /// <param name="value">The value.</param>
    /// <param name="outermost">The schema's own resource if <c>$dynamicRef</c> is used; null: the dynamic scope is not
    /// kept.</param>
    public Evaluation(JsonTapeValue value, SchemaResource? outermost)
    {
        Tape = value.Tape!;
        Tokens = Tape.Tokens;
        var tokenCount = (long)Tokens[value.Index].Next - value.Index;
        _stepsLeft = (int)Math.Min(StepsMax, StepsFree + (StepsPerToken * tokenCount));
        _scopes = outermost is null ? null : [outermost];
    }

    public readonly JsonTape Tape;

    public readonly ReadOnlySpan<JsonToken> Tokens;

    /// <summary>
    /// True if the run was stopped: the value is nested too deep for the stack or costs too much. It counts as invalid.
    /// </summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The dynamic scope, outermost first.</summary>
    public readonly IReadOnlyList<SchemaResource> Scopes => _scopes ?? [];

    public readonly JsonTapeValue Node(int index) => new(Tape, index);

    /// <summary>A token's bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> Raw(int index)
    {
        ref readonly var token = ref Tokens[index];
        return Tape.Slice(token.Start, token.End);
    }

    /// <summary>A string's bytes between the quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> RawText(int index)
    {
        ref readonly var token = ref Tokens[index];
        return Tape.Slice(token.Start + 1, token.End - 1);
    }

    /// <summary>Counts a step that can recur; false if the run must stop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDescend()
    {
        if (--_stepsLeft > 0 && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return true;
        }

        IsGivenUp = true;
        return false;
    }

    /// <summary>Matches a text. All matches of a run that may backtrack share one time limit.</summary>
    public bool IsMatch(EcmaPattern pattern, scoped ReadOnlySpan<byte> utf8)
    {
        if (!pattern.MayBacktrack)
        {
            return pattern.IsMatch(utf8);
        }

        if (IsGivenUp)
        {
            return false;
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            return pattern.IsMatch(utf8);
        }
        catch (RegexMatchTimeoutException)
        {
            IsGivenUp = true;
            return false;
        }
        finally
        {
            _matchTime += Stopwatch.GetElapsedTime(started);
            IsGivenUp |= _matchTime > s_matchTimeMax;
        }
    }

    public readonly void EnterScope(SchemaResource resource) => _scopes?.Add(resource);

    public readonly void LeaveScope() => _scopes?.RemoveAt(_scopes.Count - 1);

    /// <summary>True for a whole number, however it is written.</summary>
    public readonly bool IsInteger(int index) => Tokens[index].IsPlain || JsonNumber.IsIntegerText(Raw(index));

    /// <summary>A number's value if it is written as an integer of at most 18 digits.</summary>
    public readonly bool TryGetInteger(int index, out long value)
    {
        value = 0;
        ref readonly var token = ref Tokens[index];
        var text = Tape.Slice(token.Start, token.End);
        var isNegative = text[0] == (byte)'-';
        if (!token.IsPlain || text.Length > DigitsOfLongMax)
        {
            return false;
        }

        for (var i = isNegative ? 1 : 0; i < text.Length; i++)
        {
            value = (value * 10) + (text[i] - '0');
        }

        value = isNegative ? -value : value;
        return true;
    }

    public readonly JsonNumber Number(int index) => JsonNumber.Parse(Raw(index));
}

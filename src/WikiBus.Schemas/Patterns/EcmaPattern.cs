using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace WikiBus.Schemas.Patterns;

/// <summary>
/// A regular expression of ECMA-262, compiled so that no input can make it run long. It runs in linear time where that
/// is possible. Else the caller must bound the length of the texts, and each match has a time limit. Safe for
/// concurrent use.
/// </summary>
internal sealed class EcmaPattern
{
    /// <summary>Most parts after repetitions are unfolded: <c>(a{99}){99}</c> has 9,801.</summary>
    private const long SizeMax = 20_000;
    private const int StackCharsMax = 256;
    private const string InsecureFault =
        "it has lookaround, a back reference or a word boundary, which is insecure unless a maxLength bounds the text";

    private const RegexOptions CommonOptions = RegexOptions.CultureInvariant;

    /// <summary>Most time of a match that may backtrack.</summary>
    private static readonly TimeSpan s_matchTime = TimeSpan.FromMilliseconds(100);

    private readonly LinearPattern? _linear;
    private readonly Regex? _regex;

    /// <summary>True if a match may take long: it has a time limit.</summary>
    public bool MayBacktrack => _regex is not null && _regex.MatchTimeout != Regex.InfiniteMatchTimeout;

    private EcmaPattern(LinearPattern? linear, Regex? regex)
    {
        _linear = linear;
        _regex = regex;
    }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="source">The pattern, without slashes and flags.</param>
    /// <param name="isInputBounded">True if the length of the texts is limited: then lookaround and back references are
    /// allowed.</param>
    /// <param name="pattern">The pattern, if there is no fault.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryCreate(string source, bool isInputBounded, out EcmaPattern? pattern, out string fault)
    {
        pattern = null;
        try
        {
            var parsed = EcmaParser.Parse(source, isStrict: false);
            fault = "it unfolds to too many parts";
            if (SizeOf(parsed) > SizeMax)
            {
                return false;
            }

            pattern = Build(parsed, isInputBounded);
            fault = pattern is null ? InsecureFault : "";
            return pattern is not null;
        }
        catch (Exception exception)
            when (exception is PatternSyntaxException or ArgumentException or NotSupportedException)
        {
            fault = exception.Message;
            return false;
        }
    }

    /// <summary>True if a text is a pattern.</summary>
    /// <param name="source">The text.</param>
    /// <param name="isStrict">True: without the escapes that ECMA-262 keeps for old pages only. <see cref="TryCreate"/>
    /// reads them.</param>
    public static bool IsSyntaxValid(string source, bool isStrict)
    {
        try
        {
            EcmaParser.Parse(source, isStrict);
            return true;
        }
        catch (PatternSyntaxException)
        {
            return false;
        }
    }

    /// <summary>True if the pattern is found in a text.</summary>
    /// <exception cref="RegexMatchTimeoutException">It backtracked for too long.</exception>
    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        if (_linear is not null)
        {
            return _linear.IsMatch(utf8);
        }

        char[]? rented = null;
        var buffer = utf8.Length <= StackCharsMax
            ? stackalloc char[StackCharsMax]
            : rented = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            return _regex!.IsMatch(buffer[..Encoding.UTF8.GetChars(utf8, buffer)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private static EcmaPattern? Build(PatternNode parsed, bool isInputBounded)
    {
        if (LinearPattern.TryCreate(parsed) is { } linear)
        {
            return new EcmaPattern(linear, null);
        }

        var text = DotNetPatternWriter.Write(parsed, out var needsBacktracking);
        if (!needsBacktracking)
        {
            return new EcmaPattern(null,
                new Regex(text, CommonOptions | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout));
        }

        return isInputBounded ? new EcmaPattern(null, new Regex(text, CommonOptions, s_matchTime)) : null;
    }

    private static long SizeOf(PatternNode node) => Math.Min(SizeMax + 1, node switch
    {
        PatternNode.Sequence sequence => 1 + sequence.Parts.Sum(SizeOf),
        PatternNode.Choice choice => 1 + choice.Options.Sum(SizeOf),
        PatternNode.Capture capture => 1 + SizeOf(capture.Part),
        PatternNode.Look look => 1 + SizeOf(look.Part),
        PatternNode.Repeat repeat =>
            SizeOf(repeat.Part) * Math.Max(1, repeat.Max == int.MaxValue ? repeat.Min : repeat.Max),
        _ => 1,
    });
}

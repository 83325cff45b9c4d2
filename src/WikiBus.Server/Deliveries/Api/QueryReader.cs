using System.Globalization;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Http;

namespace WikiBus.Server.Deliveries.Api;

/// <summary>
/// Reads the parameters of a request, and keeps the first fault. A name that it does not know is a fault: a mistyped
/// filter must not drop everything.
/// </summary>
internal sealed class QueryReader
{
    /// <summary>Most items of a list.</summary>
    public const int LimitMax = 1_000;

    private const int LimitDefault = 100;

    private readonly IQueryCollection _query;

    /// <param name="query">The query.</param>
    /// <param name="names">The parameters that it may have, beside a key.</param>
    public QueryReader(IQueryCollection query, params ReadOnlySpan<string> names)
    {
        _query = query;
        foreach (var (name, values) in query)
        {
            if (name != "apikey" && !names.Contains(name))
            {
                Fault ??= $"There is no parameter '{Echo.Of(name)}'; there are {string.Join(", ", names)}.";
            }
            else if (values.Count > 1)
            {
                Fault ??= $"{name} is given more than once.";
            }
        }
    }

    /// <summary>The first fault, for the answer; null: there was none so far.</summary>
    public string? Fault { get; private set; }

    /// <summary>A text; null if it is missing.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A text that has to be given.</summary>
    public string Required(string name)
    {
        if (Text(name) is { Length: > 0 } text)
        {
            return text;
        }

        Fault ??= $"{name} is missing.";
        return "";
    }

    /// <summary>A time; null if it is missing.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (TimeParameter.TryParse(text, out var timeMs))
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(timeMs);
        }

        Fault ??= $"{name}: '{Echo.OnOneLine(text)}' is not a time. {TimeParameter.Allowed}";
        return null;
    }

    /// <summary>A record; null if it is missing.</summary>
    public RecordName? Record(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (RecordName.TryParse(text) is { } record)
        {
            return record;
        }

        Fault ??= $"{name}: '{Echo.OnOneLine(text)}' is not a record. Allowed are a position, such as 17, and "
            + "STREAM@OFFSET.";
        return null;
    }

    /// <summary>A verdict; null if it is missing.</summary>
    public Verdict? Verdict(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (VerdictNames.Find(text) is { } verdict)
        {
            return verdict;
        }

        Fault ??= $"{name}: '{Echo.OnOneLine(text)}' is not a verdict. Allowed are "
            + $"{string.Join(", ", VerdictNames.All)}.";
        return null;
    }

    /// <summary>How many items the caller wants.</summary>
    public int Limit()
    {
        if (Text("limit") is not { } text)
        {
            return LimitDefault;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is > 0 and <= LimitMax)
        {
            return limit;
        }

        Fault ??= $"limit: '{Echo.OnOneLine(text)}' is not a number from 1 to {LimitMax}.";
        return LimitDefault;
    }

    /// <summary>The numbers of the parameter <c>after</c>, which is the <c>next</c> of an answer.</summary>
    /// <param name="count">How many numbers it has.</param>
    /// <returns>The numbers; null if it is missing.</returns>
    public IReadOnlyList<long>? After(int count)
    {
        if (Text("after") is not { } text)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (var part in text.Split('.'))
        {
            if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        if (numbers.Count == count && text.Count(static symbol => symbol == '.') == count - 1)
        {
            return numbers;
        }

        Fault ??= "after is not the 'next' of an earlier answer.";
        return null;
    }

    /// <summary>Makes the <c>next</c> that <see cref="After"/> reads.</summary>
    public static string NextOf(params ReadOnlySpan<long> numbers)
    {
        var parts = new List<string>();
        foreach (var number in numbers)
        {
            parts.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join('.', parts);
    }
}

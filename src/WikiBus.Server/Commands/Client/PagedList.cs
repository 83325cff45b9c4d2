using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Spectre.Console;
using WikiBus.Server.Hosting;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Client;

/// <summary>
/// Shows a list that the server answers in pages: tables on a terminal, one for each page, and JSON lines elsewhere.
/// </summary>
internal static class PagedList
{
    /// <summary>Items of a page, the most that the server allows.</summary>
    private const int PageLength = 1_000;

    private const long LimitMax = 1_000_000_000;

    public static Option<long> CreateLimit() =>
        CountOption.Create("--limit", "N", "At most this many (default: all)", 1, LimitMax);

    /// <param name="client">The connection.</param>
    /// <param name="path">The path of the list, with its filters.</param>
    /// <param name="limit">Most items; 0: all.</param>
    /// <param name="table">An empty table.</param>
    /// <param name="cells">The cells of an item's row.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> WriteAsync(
        BusClient client, string path, long limit, Func<Table> table, Func<JsonElement, IEnumerable<string>> cells,
        CancellationToken cancellationToken)
    {
        var output = new StandardOutput();
        var left = limit > 0 ? limit : long.MaxValue;
        string? next = null;
        try
        {
            do
            {
                using var answer = await client.AskAsync(
                    HttpMethod.Get, PagePath(path, Math.Min(left, PageLength), next), content: null, cancellationToken);
                var items = answer.RootElement.GetProperty("items").EnumerateArray().ToList();
                if (Terminal.ShowsTables)
                {
                    Terminal.Output().Write(Fill(table(), items, cells));
                }
                else
                {
                    items.ForEach(item => output.WriteLine(item.GetRawText()));
                    output.Flush();
                }

                left -= items.Count;
                next = answer.RootElement.GetProperty("next").GetString();
            }
            while (next is not null && left > 0);
        }
        catch (ReaderGoneException)
        {
            // The reader of the output (head, less) has had enough. That is a success.
        }

        return ExitCodes.Done;
    }

    /// <summary>A table whose first column is never wrapped: an id on two lines could not be copied.</summary>
    public static Table TableOf(params ReadOnlySpan<string> columns)
    {
        var table = Terminal.TableOf(columns);
        foreach (var column in table.Columns.Skip(1))
        {
            column.NoWrap = false;
        }

        return table;
    }

    /// <summary>A member that may be missing or null, in one line.</summary>
    public static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
            ? Echo.Printable(value.ToString())
            : "";

    private static string PagePath(string path, long length, string? next)
    {
        var page = QueryHelpers.AddQueryString(path, "limit", length.ToString(CultureInfo.InvariantCulture));
        return next is null ? page : QueryHelpers.AddQueryString(page, "after", next);
    }

    private static Table Fill(Table table, List<JsonElement> items, Func<JsonElement, IEnumerable<string>> cells)
    {
        foreach (var item in items)
        {
            table.AddRow([.. cells(item).Select(Markup.Escape)]);
        }

        return table;
    }
}

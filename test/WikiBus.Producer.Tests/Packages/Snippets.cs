using System.Text;
using System.Text.RegularExpressions;

namespace WikiBus.Producer.Tests.Packages;

/// <summary>The C# of a document.</summary>
internal static partial class Snippets
{
    // The names that the snippets of docs/producer.md use and do not declare.
    private const string Surroundings = """
        using System.Data.Common;
        using System.Text;
        using System.Text.Json;
        using WikiBus.Events.Deki;
        using WikiBus.Events.MediaWiki;
        using WikiBus.Producer;

        internal sealed class RefreshLinks : IJobHandler
        {
            public Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken) =>
                Task.FromResult(JobResult.Succeeded);
        }

        internal sealed class Surroundings(
            WebApplicationBuilder builder, WebApplication app, IWikiEventPublisher publisher, WikiPage page,
            long revisionId, WikiUser user, IDekiEventPublisher deki, DekiPage dekiPage, DekiUser dekiUser,
            IJobQueue jobs, JsonElement parameters, DbDataSource source, IOutbox outbox, OutboxTransaction transaction,
            PublishedEvents published, CancellationToken cancellation)
        {
            private static Task DeletePageAsync(DbConnection connection, DbTransaction transaction) =>
                Task.CompletedTask;

        """;

    /// <summary>The blocks of C# in a document, in order.</summary>
    public static IReadOnlyList<string> In(string document) =>
        [.. Block().Matches(document.ReplaceLineEndings("\n")).Select(match => match.Groups[1].Value)];

    /// <summary>
    /// A source file with the snippets that are statements, one method for each. A line with only an ellipsis is left
    /// out. A snippet with an ellipsis inside a statement is not whole, and is left out altogether.
    /// </summary>
    public static string AsMethods(IReadOnlyList<string> snippets)
    {
        var source = new StringBuilder(Surroundings);
        for (var i = 0; i < snippets.Count; i++)
        {
            var text = snippets[i].Replace("\n…\n", "\n", StringComparison.Ordinal);
            if (!text.Contains('…', StringComparison.Ordinal))
            {
                source.Append("public async Task Snippet").Append(i).Append("Async()\n{\n").Append(text).Append("}\n");
            }
        }

        return source.Append("}\n").ToString();
    }

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Block();
}

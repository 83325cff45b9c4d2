using System.Collections.Concurrent;

namespace WikiBus.Schemas.Loading;

/// <summary>
/// The documents read so far. Concurrent requests for a document share one reading. Only found documents are kept.
/// </summary>
/// <param name="reader">Reads the documents.</param>
/// <param name="countMax">Most documents kept; further ones are read each time.</param>
/// <param name="report">Gets a sentence for the operator when a document cannot be read.</param>
/// <param name="stopping">Ends the reading.</param>
internal sealed class DocumentCache(
    DocumentReader reader, int countMax, Action<string>? report, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<string, SchemaText> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<SchemaText?>>> _readings = new(StringComparer.Ordinal);

    /// <summary>The document at a URI; null when there is none.</summary>
    public ValueTask<SchemaText?> GetAsync(string uri)
    {
        if (_documents.TryGetValue(uri, out var document))
        {
            return ValueTask.FromResult<SchemaText?>(document);
        }

        var reading = _readings.GetOrAdd(
            uri, static (uri, cache) => new Lazy<Task<SchemaText?>>(() => cache.ReadAsync(uri)), this);
        return new ValueTask<SchemaText?>(reading.Value);
    }

    /// <summary>Reads all documents again. A document that cannot be read stays as it was.</summary>
    /// <returns>The URIs of those that changed.</returns>
    public async Task<IReadOnlySet<string>> RefreshAsync(CancellationToken cancellationToken)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (uri, known) in _documents)
        {
            var reading = await reader.ReadAsync(uri, isRefresh: true, cancellationToken).ConfigureAwait(false);
            if (reading.Document is { } document && !document.Utf8.Span.SequenceEqual(known.Utf8.Span))
            {
                _documents[uri] = document;
                changed.Add(uri);
            }
            if (reading.Failure is { } failure)
            {
                report?.Invoke($"{failure} (the last good copy stays in use)");
            }
        }
        return changed;
    }

    private async Task<SchemaText?> ReadAsync(string uri)
    {
        try
        {
            // Another reading may have ended since the caller looked.
            if (_documents.TryGetValue(uri, out var known))
            {
                return known;
            }

            var reading = await reader.ReadAsync(uri, isRefresh: false, stopping).ConfigureAwait(false);
            if (reading.Failure is { } failure)
            {
                report?.Invoke(failure);
            }

            if (reading.Document is { } document && _documents.Count < countMax)
            {
                _documents[uri] = document;
            }

            return reading.Document;
        }
        finally
        {
            _readings.TryRemove(uri, out _);
        }
    }
}

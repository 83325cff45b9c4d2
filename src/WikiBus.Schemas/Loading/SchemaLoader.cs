using System.Text.Json;
using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas.Loading;

/// <summary>Compiles the schema at a URI with all documents that it refers to.</summary>
internal sealed class SchemaLoader(DocumentCache documents)
{
    /// <summary>Most levels of references between documents.</summary>
    private const int ReferenceLevelsMax = 32;

    /// <summary>Most documents that one schema may refer to.</summary>
    private const int ReferencesMax = 500;

    /// <summary>Compiles a schema. A fault has EventGate's words and names no file of the server.</summary>
    public async Task<LoadedSchema> LoadAsync(string uri)
    {
        if (await documents.GetAsync(uri).ConfigureAwait(false) is not { } document)
        {
            return LoadedSchema.Failed($"Failed loading schema at {uri}");
        }

        using var parsed = JsonDocument.Parse(document.Json, new JsonDocumentOptions { MaxDepth = 0 });
        var root = parsed.RootElement;
        if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            return LoadedSchema.Failed("schema should be object or boolean");
        }

        var id = FindId(root);
        if (id is not null && await IsTakenAsync(id, uri, root).ConfigureAwait(false))
        {
            return LoadedSchema.Failed($"schema with key or id \"{id}\" already exists");
        }

        return await CompileAsync(uri, id, document).ConfigureAwait(false);
    }

    private async Task<LoadedSchema> CompileAsync(string uri, string? id, SchemaText document)
    {
        var used = new Dictionary<string, SchemaText>(StringComparer.Ordinal) { [uri] = document };
        var options = new SchemaCompilerOptions
        {
            BaseUri = uri,
            Resolve = reference =>
                used.TryGetValue(reference, out var found) ? found.Json : default(ReadOnlyMemory<byte>?),
        };
        for (var level = 0; level < ReferenceLevelsMax; level++)
        {
            var compilation = SchemaCompiler.Compile(document.Json, options);
            if (compilation.MissingUris.Count == 0)
            {
                var uris = used.Keys.Select(key => PathOf(key, id)).ToList();
                return new LoadedSchema(compilation.Schema, compilation.Fault, uris);
            }
            foreach (var reference in compilation.MissingUris)
            {
                var found = used.Count > ReferencesMax
                    ? null
                    : await documents.GetAsync(PathOf(reference, id)).ConfigureAwait(false);
                if (found is null)
                {
                    return LoadedSchema.Failed($"can't resolve reference {reference} from id {id ?? uri}");
                }

                used[reference] = found;
            }
        }
        return LoadedSchema.Failed($"the references of {uri} are more than {ReferenceLevelsMax} levels deep");
    }

    /// <summary>
    /// Where a reference leads. In a schema whose <c>$id</c> has a host, <c>/a/1.0.0</c> resolves to a URL on that
    /// host, and means the repository.
    /// </summary>
    private static string PathOf(string reference, string? id)
    {
        var isOurs = id is not null && Uri.TryCreate(id, UriKind.Absolute, out var home) && RepositoryUri.IsAbsolute(id)
            && Uri.TryCreate(reference, UriKind.Absolute, out var target)
            && home.Scheme == target.Scheme && home.Authority == target.Authority;
        return isOurs ? new Uri(reference).AbsolutePath : reference;
    }

    private static string? FindId(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (!root.TryGetProperty("$id"u8, out var id) && !root.TryGetProperty("id"u8, out id))
        {
            return null;
        }

        return id.ValueKind == JsonValueKind.String ? RepositoryUri.WithoutEmptyFragment(id.GetString()!) : null;
    }

    /// <summary>True if the repository has another schema at the <c>$id</c> of this one.</summary>
    private async ValueTask<bool> IsTakenAsync(string id, string uri, JsonElement root)
    {
        if (id == uri || !RepositoryUri.IsPath(id))
        {
            return false;
        }

        if (await documents.GetAsync(id).ConfigureAwait(false) is not { } owner)
        {
            return false;
        }

        using var parsed = JsonDocument.Parse(owner.Json, new JsonDocumentOptions { MaxDepth = 0 });
        return !JsonElement.DeepEquals(parsed.RootElement, root);
    }
}

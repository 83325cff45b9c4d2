namespace WikiBus.Schemas.Documents;

/// <summary>A schema or subschema in its resource.</summary>
internal readonly record struct SchemaLocation(SchemaResource Resource, int Index)
{
    /// <summary>The URI, if there is one, and the path, for error messages.</summary>
    public override string ToString()
    {
        var path = Resource.Document.PathOf(Index);
        return Resource.Uri.Length == 0 ? path : Resource.Uri + path;
    }
}

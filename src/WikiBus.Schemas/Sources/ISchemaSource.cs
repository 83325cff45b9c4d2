namespace WikiBus.Schemas.Sources;

/// <summary>A place where schemas are: a folder, a server, the program itself. Safe for concurrent use.</summary>
internal interface ISchemaSource
{
    /// <summary>Reads the text at exactly this path, which <see cref="RepositoryUri.IsPath"/> holds for.</summary>
    /// <param name="path">The path from the source's base, beginning with <c>/</c>.</param>
    /// <param name="isRefresh">True: a copy kept from before is not good enough, unless the source cannot be
    /// reached.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<SourceReading> ReadAsync(string path, bool isRefresh, CancellationToken cancellationToken);
}

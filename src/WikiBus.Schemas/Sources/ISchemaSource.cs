namespace WikiBus.Schemas.Sources;

/// <summary>A place that has schemas: a folder, a server, the program itself. Safe for concurrent use.</summary>
internal interface ISchemaSource
{
    /// <summary>Reads the text at exactly this path.</summary>
    /// <param name="path">The path from the source's base; <see cref="RepositoryUri.IsPath"/> accepts it.</param>
    /// <param name="isRefresh">True: a kept copy is used only if the source cannot be
    /// reached.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<SourceReading> ReadAsync(string path, bool isRefresh, CancellationToken cancellationToken);
}

namespace WikiBus.Schemas.Sources;

/// <summary>Schemas as files under a folder. It follows symbolic links that stay in the folder.</summary>
internal sealed class FolderSource(string folder, int bytesMax) : ISchemaSource
{
    private readonly string _folder = Path.GetFullPath(folder);

    public async ValueTask<SourceReading> ReadAsync(string path, bool isRefresh, CancellationToken cancellationToken)
    {
        try
        {
            var root = RealPath.Resolve(_folder);
            var file = RealPath.Resolve(_folder + path);
            if (root is null || !File.Exists(file))
            {
                return SourceReading.Missing;
            }

            if (!file.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                return SourceReading.Failed($"{path} is a link that leaves the folder {_folder}");
            }

            return await ReadFileAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SourceReading.Failed(exception.Message);
        }
    }

    private async ValueTask<SourceReading> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        using var handle = File.OpenHandle(file, options: FileOptions.Asynchronous);
        var length = RandomAccess.GetLength(handle);
        if (length > bytesMax)
        {
            return SourceReading.Failed($"{file} has {length} bytes, more than {bytesMax}");
        }

        var text = new byte[length];
        var filled = 0;
        while (filled < text.Length)
        {
            var count = await RandomAccess.ReadAsync(handle, text.AsMemory(filled), filled, cancellationToken)
                .ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }
        return SourceReading.Found(text.AsMemory(0, filled));
    }
}

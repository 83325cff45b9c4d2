using System.Buffers;

namespace WikiBus.Storage.Records;

/// <summary>The characters that a stream's name may have.</summary>
internal static class StreamNameCharacters
{
    public static readonly SearchValues<char> All =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
}

using System.Buffers;

namespace WikiBus.Storage.Records;

/// <summary>What a stream's name may consist of.</summary>
internal static class StreamNameCharacters
{
    public static readonly SearchValues<char> All =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
}

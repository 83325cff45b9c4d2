using System.Runtime.InteropServices;

namespace WikiBus.Storage.Indexes;

/// <summary>Searches sorted items by halves.</summary>
internal static class BinarySearch
{
    /// <summary>Index of the last item that passes a test; -1: none does.</summary>
    /// <param name="items">Sorted: no item that passes follows one that fails.</param>
    /// <param name="test">Is called for few of the items.</param>
    public static int Last<T>(ReadOnlySpan<T> items, Func<T, bool> test)
    {
        int low = 0, high = items.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (test(items[middle]))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    /// <inheritdoc cref="Last{T}(ReadOnlySpan{T}, Func{T, bool})" />
    public static int Last<T>(List<T> items, Func<T, bool> test) => Last(CollectionsMarshal.AsSpan(items), test);
}

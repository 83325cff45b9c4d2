using WikiBus.Storage.Records;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The ids of the newest records: a ring in the order of the log, and a table of places in the ring by hash (open
/// addressing). 20 bytes an id at one million. It keeps 32 bits of a hash, so a hit is only a candidate: the caller
/// compares the record.
/// <para>An id is filed under its key; one whose key was in use with other bytes is filed under key and content, so
/// that many records of one id (a publisher's fault or malice) do not make one long chain.</para> Not safe for
/// concurrent use.
/// </summary>
internal sealed class DedupeWindow
{
    private const int Empty = -1;
    private const int CapacityMin = 1024;

    private uint[] _hashes = new uint[CapacityMin];
    private long[] _positions = new long[CapacityMin];
    private int[] _slots = NewSlots(CapacityMin * 2);
    private int _first;

    public int Count { get; private set; }

    /// <summary>Position of the oldest id; only meaningful when <see cref="Count"/> is not 0.</summary>
    public long FirstPosition => _positions[_first];

    private long LastPosition => _positions[RingIndex(Count - 1)];

    public static ulong HashOf(in IdEntry entry) =>
        entry.IsConflict ? HashOf(entry.Key, entry.Content) : entry.Key;

    public static ulong HashOf(ulong key, ulong content) => IdentityHash.Mix(key, content);

    /// <summary>Adds an id behind all others.</summary>
    public void Add(ulong hash, long position)
    {
        if (Count == _hashes.Length)
        {
            Grow();
        }

        var index = RingIndex(Count++);
        _hashes[index] = Shorten(hash);
        _positions[index] = position;
        Insert(index);
    }

    /// <summary>The candidates filed under a hash: positions of records.</summary>
    public CandidateEnumerator Find(ulong hash) => new(this, Shorten(hash));

    public void RemoveFirst()
    {
        Remove(_first);
        _first = RingIndex(1);
        Count--;
    }

    /// <summary>Forgets the newest ids, down to a position.</summary>
    public void RemoveFrom(long position)
    {
        while (Count > 0 && LastPosition >= position)
        {
            Remove(RingIndex(Count - 1));
            Count--;
        }
    }

    public void RemoveAll()
    {
        Array.Fill(_slots, Empty);
        Count = 0;
    }

    private static uint Shorten(ulong hash) => (uint)(hash >> 32) ^ (uint)hash;

    private static int[] NewSlots(int length)
    {
        var slots = GC.AllocateUninitializedArray<int>(length);
        Array.Fill(slots, Empty);
        return slots;
    }

    private int RingIndex(int index) => (_first + index) & (_hashes.Length - 1);

    private int Home(uint hash) => (int)(hash & (uint)(_slots.Length - 1));

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private void Insert(int index)
    {
        var slot = Home(_hashes[index]);
        while (_slots[slot] != Empty)
        {
            slot = Next(slot);
        }

        _slots[slot] = index;
    }

    private void Remove(int index)
    {
        var slot = Home(_hashes[index]);
        while (_slots[slot] != index)
        {
            slot = Next(slot);
        }

        CloseGap(slot);
    }

    /// <summary>Moves back what stands behind a freed slot, so that no search ends at it too early.</summary>
    private void CloseGap(int gap)
    {
        for (var slot = Next(gap); _slots[slot] != Empty; slot = Next(slot))
        {
            var home = Home(_hashes[_slots[slot]]);
            var mayMove = gap <= slot ? home <= gap || home > slot : home <= gap && home > slot;
            if (mayMove)
            {
                _slots[gap] = _slots[slot];
                gap = slot;
            }
        }

        _slots[gap] = Empty;
    }

    private void Grow()
    {
        var hashes = new uint[_hashes.Length * 2];
        var positions = new long[hashes.Length];
        for (var index = 0; index < Count; index++)
        {
            hashes[index] = _hashes[RingIndex(index)];
            positions[index] = _positions[RingIndex(index)];
        }

        (_hashes, _positions, _first) = (hashes, positions, 0);
        _slots = NewSlots(hashes.Length * 2);
        for (var index = 0; index < Count; index++)
        {
            Insert(index);
        }
    }

    /// <summary>Walks the candidates of one hash.</summary>
    public ref struct CandidateEnumerator(DedupeWindow window, uint hash)
    {
        private int _slot = window.Home(hash);

        /// <summary>Position of the record.</summary>
        public long Current { get; private set; }

        public bool MoveNext()
        {
            for (; window._slots[_slot] != Empty; _slot = window.Next(_slot))
            {
                var index = window._slots[_slot];
                if (window._hashes[index] == hash)
                {
                    Current = window._positions[index];
                    _slot = window.Next(_slot);
                    return true;
                }
            }

            return false;
        }

        public readonly CandidateEnumerator GetEnumerator() => this;
    }
}

using System.Diagnostics;
using System.Numerics;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// The ids of the newest records: a ring in the order of the log, and a table of places in the ring by hash (open
/// addressing). 14 bytes an id at one million. It keeps 32 bits of a hash, so a hit is only a candidate: the caller
/// compares the record. A slot holds, beside the place in the ring, as many of these bits as fit, so that a search
/// touches the ring only for what it finds.
/// <para>An id is filed under its key; one whose key was in use with other bytes is filed under key and content, so
/// that many records of one id (a publisher's fault or malice) do not make one long chain.</para> Not safe for
/// concurrent use.
/// </summary>
internal sealed class DedupeWindow
{
    private const int Empty = -1;
    private const int CapacityMin = 1024;

    private uint[] _hashes = new uint[CapacityMin];
    private PositionRing _positions = new(CapacityMin);
    private int[] _slots = NewSlots(CapacityMin * 2);
    private int _first;

    /// <summary>
    /// Bits of a slot that are the index. The bits above them are those of the hash that its home does not use.
    /// </summary>
    private int _indexBits = BitOperations.Log2(CapacityMin);

    private long _lastConflict = -1;

    public int Count { get; private set; }

    /// <summary>Position of the oldest id; only meaningful when <see cref="Count"/> is not 0.</summary>
    public long FirstPosition
    {
        get
        {
            Debug.Assert(Count > 0, "An empty window has no oldest id.");
            return _positions[_first];
        }
    }

    /// <summary>False: no id in the window is filed under key and content.</summary>
    public bool HasConflicts => Count > 0 && _lastConflict >= FirstPosition;

    private long LastPosition => _positions[RingIndex(Count - 1)];

    public static ulong HashOf(ulong key, ulong content) => IdentityHash.Mix(key, content);

    /// <summary>Makes room for this number of ids in one step.</summary>
    public void Reserve(int count)
    {
        if (count > _hashes.Length)
        {
            Resize((int)BitOperations.RoundUpToPowerOf2((uint)count));
        }
    }

    /// <summary>Adds an id behind all others.</summary>
    public void Add(in IdEntry entry)
    {
        Debug.Assert(Count == 0 || entry.Position > LastPosition, "An id is added behind all others.");
        if (entry.IsConflict)
        {
            _lastConflict = entry.Position;
        }

        if (Count == _hashes.Length)
        {
            Resize(_hashes.Length * 2);
        }

        var index = RingIndex(Count++);
        _hashes[index] = Shorten(entry.IsConflict ? HashOf(entry.Key, entry.Content) : entry.Key);
        _positions[index] = entry.Position;
        Insert(index);
    }

    /// <summary>The candidates filed under a hash: positions of records.</summary>
    public CandidateEnumerator Find(ulong hash) => new(this, Shorten(hash));

    public void RemoveFirst()
    {
        Debug.Assert(Count > 0, "There is an id to remove.");
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

    private int Slot(int index) => (int)((_hashes[index] >> (_indexBits + 1)) << _indexBits) | index;

    private int Index(int slotValue) => slotValue & (_hashes.Length - 1);

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private void Insert(int index)
    {
        var slot = Home(_hashes[index]);
        while (_slots[slot] != Empty)
        {
            slot = Next(slot);
        }

        _slots[slot] = Slot(index);
    }

    private void Remove(int index)
    {
        var slot = Home(_hashes[index]);
        var wanted = Slot(index);
        while (_slots[slot] != wanted)
        {
            slot = Next(slot);
        }

        CloseGap(slot);
    }

    /// <summary>Moves back the entries behind a freed slot, so that no search ends at it too early.</summary>
    private void CloseGap(int gap)
    {
        for (var slot = Next(gap); _slots[slot] != Empty; slot = Next(slot))
        {
            var home = Home(_hashes[Index(_slots[slot])]);
            var mayMove = gap <= slot ? home <= gap || home > slot : home <= gap && home > slot;
            if (mayMove)
            {
                _slots[gap] = _slots[slot];
                gap = slot;
            }
        }

        _slots[gap] = Empty;
    }

    private void Resize(int capacity)
    {
        var hashes = new uint[capacity];
        var positions = new PositionRing(capacity);
        for (var index = 0; index < Count; index++)
        {
            hashes[index] = _hashes[RingIndex(index)];
            positions[index] = _positions[RingIndex(index)];
        }

        (_hashes, _positions, _first) = (hashes, positions, 0);
        _indexBits = BitOperations.Log2((uint)capacity);
        _slots = NewSlots(hashes.Length * 2);
        for (var index = 0; index < Count; index++)
        {
            Insert(index);
        }
    }

    /// <summary>Walks the candidates of one hash.</summary>
    public ref struct CandidateEnumerator(DedupeWindow window, uint hash)
    {
        private readonly int _tag = (int)(hash >> (window._indexBits + 1));
        private int _slot = window.Home(hash);

        /// <summary>Position of the record.</summary>
        public long Current { get; private set; }

        public bool MoveNext()
        {
            for (var value = window._slots[_slot]; value != Empty; value = window._slots[_slot])
            {
                _slot = window.Next(_slot);
                var index = window.Index(value);
                if (value >> window._indexBits == _tag && window._hashes[index] == hash)
                {
                    Current = window._positions[index];
                    return true;
                }
            }

            return false;
        }

        public readonly CandidateEnumerator GetEnumerator() => this;
    }
}

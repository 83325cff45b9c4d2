using System.Runtime.CompilerServices;

namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// A disk in memory that behaves as badly as a real one may: any part of what was not flushed can be lost, calls can
/// fail, space can run out, the power can fail. Flushing a file makes its bytes durable, flushing the directory makes
/// its name durable. Safe for concurrent use: one lock around everything.
/// </summary>
internal sealed class SimulatedDisk : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly SimulatedTree _tree;
    private readonly List<DiskFault> _faults = [];
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flushes = new(StringComparer.Ordinal);
    private int _callCount;

    public SimulatedDisk()
        : this(new SimulatedTree(new SimulatedDirectory()))
    {
    }

    private SimulatedDisk(SimulatedTree tree) => _tree = tree;

    /// <summary>The space of all files together; writes beyond it store what fits and fail.</summary>
    public long CapacityBytes { get; set; } = 1L << 40;

    /// <summary>True: the system does not say how much space is free.</summary>
    public bool SpaceIsUnknown { get; set; }

    /// <summary>The calls that <see cref="PowerCutCall"/> counts.</summary>
    public DiskCall PowerCutCalls { get; set; } = DiskCall.Changing;

    /// <summary>The call (from 1) on which the power fails; what that call asked for is unsynced then.</summary>
    public int PowerCutCall { get; set; } = int.MaxValue;

    /// <summary>The flush that does nothing, as <see cref="Flushes"/> names it; null: all work.</summary>
    public string? IgnoredFlush { get; set; }

    public bool PowerIsOff { get; private set; }

    private long FreeBytesNow => Math.Max(0, CapacityBytes - _tree.UsedBytes);

    /// <summary>Calls so far of the kinds that power cuts count; by default all that change or flush.</summary>
    public int CallCount => _callCount;

    /// <summary>The purpose of every flush on this disk so far.</summary>
    public IReadOnlyCollection<string> Flushes
    {
        get
        {
            lock (_gate)
            {
                return [.. _flushes];
            }
        }
    }

    /// <summary>A disk on which a directory exists durably.</summary>
    public static SimulatedDisk WithDirectory(string path)
    {
        var disk = new SimulatedDisk();
        disk.CreateDirectory(path);
        return disk.Copy();
    }

    /// <summary>From now on every call fails.</summary>
    public void CutPower()
    {
        lock (_gate)
        {
            PowerIsOff = true;
        }
    }

    /// <summary>The disk as it is found after the power comes back: any part of what was not flushed is lost.</summary>
    public SimulatedDisk Crash(Random random)
    {
        lock (_gate)
        {
            return new SimulatedDisk(_tree.AfterCrash(new Survival(random))) { CapacityBytes = CapacityBytes };
        }
    }

    /// <summary>
    /// The disk for the next process after this one was killed: files are as they were left, unsynced changes still
    /// wait, and calls of the killed process fail.
    /// </summary>
    public SimulatedDisk KillProcess()
    {
        lock (_gate)
        {
            PowerIsOff = true;
            return new SimulatedDisk(_tree) { CapacityBytes = CapacityBytes };
        }
    }

    /// <summary>A disk with the same files, all durable; this one stays as it is.</summary>
    public SimulatedDisk Copy()
    {
        lock (_gate)
        {
            return new SimulatedDisk(_tree.Copy()) { CapacityBytes = CapacityBytes };
        }
    }

    public void Inject(DiskFault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>The bytes of a file, without faults.</summary>
    public byte[] ReadAll(string path)
    {
        lock (_gate)
        {
            return _tree.FileAt(path).ToArray();
        }
    }

    /// <summary>Where the frames of a segment end: zeros follow, at least up to the end of a page.</summary>
    public int EndOfFrames(string path)
    {
        var lastByte = ReadAll(path).AsSpan().LastIndexOfAnyExcept((byte)0);
        return (lastByte + 8) & -8;
    }

    /// <summary>Puts a durable file in place, without faults: how tests damage files.</summary>
    public void Replace(string path, byte[] bytes)
    {
        lock (_gate)
        {
            var directory = _tree.DirectoryOf(path);
            directory.Change(new EntryChange(null, Path.GetFileName(path), new SimulatedContent(new FileImage(bytes))));
            directory.Flush();
        }
    }

    public IStorageFile Open(string path, StorageFileMode mode)
    {
        lock (_gate)
        {
            if (mode != StorageFileMode.CreateNew)
            {
                Enter(DiskCall.Open, path);
                return new SimulatedFile(this, path, _tree.FileAt(path), mode);
            }

            Enter(DiskCall.Create, path);
            return new SimulatedFile(this, path, _tree.CreateFile(path), mode);
        }
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.None, path);
            _tree.CreateDirectory(path);
        }
    }

    public IReadOnlyList<string> ListFiles(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.None, path);
            return _tree.FindDirectory(path) is { } directory ? [.. directory.Files.Select(file => file.Key)] : [];
        }
    }

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.None, path);
            return _tree.FindFile(path) is not null;
        }
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            var content = _tree.FileAt(from);
            var directory = _tree.DirectoryOf(to);
            if (!ReferenceEquals(directory, _tree.DirectoryOf(from)))
            {
                throw new IOException("The storage code renames inside one directory only.");
            }

            var change = new EntryChange(Path.GetFileName(from), Path.GetFileName(to), content);
            Enter(DiskCall.Rename, from, () => directory.Change(change));
            directory.Change(change);
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            if (_tree.FindFile(path) is null)
            {
                Enter(DiskCall.None, path);
                return;
            }

            var change = new EntryChange(Path.GetFileName(path), null, null);
            Enter(DiskCall.Delete, path, () => _tree.DirectoryOf(path).Change(change));
            _tree.DirectoryOf(path).Change(change);
        }
    }

    public void FlushDirectory(string path, string purpose)
    {
        lock (_gate)
        {
            var directory = _tree.FindDirectory(path) ?? throw new DirectoryNotFoundException(path);
            if (FlushTakesEffect(DiskCall.FlushDirectory, path, purpose))
            {
                directory.Flush();
            }
        }
    }

    public long FreeBytes(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.None, path);
            return SpaceIsUnknown ? throw new IOException($"The space of {path} is unknown.") : FreeBytesNow;
        }
    }

    public IDisposable Lock(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.Lock, path);
            if (_tree.FindFile(path) is null)
            {
                _tree.CreateFile(path);
            }

            return _locks.Add(path) ? new SimulatedLock(this, path) : throw new IOException($"{path} is locked.");
        }
    }

    /// <summary>What an operator does, and no program.</summary>
    public void MoveDirectory(string from, string to)
    {
        lock (_gate)
        {
            _tree.MoveDirectory(from, to);
        }
    }

    public IDisposable? TryLockDirectory(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.Lock, path);
            return _locks.Add(path) ? new SimulatedLock(this, path) : throw new IOException($"{path} is locked.");
        }
    }

    public UInt128? Identify(string path)
    {
        lock (_gate)
        {
            Enter(DiskCall.None, path);
            object? found = (object?)_tree.FindDirectory(path) ?? _tree.FindFile(path);
            return found is null ? null : (UInt128)(uint)RuntimeHelpers.GetHashCode(found);
        }
    }

    internal void Unlock(string path)
    {
        lock (_gate)
        {
            _locks.Remove(path);
        }
    }

    internal int Read(SimulatedFile file, long offset, Span<byte> buffer)
    {
        lock (_gate)
        {
            Enter(DiskCall.Read, file.Path);
            return file.Content.Read(offset, buffer);
        }
    }

    internal long LengthOf(SimulatedFile file)
    {
        lock (_gate)
        {
            Enter(DiskCall.None, file.Path);
            return file.Content.Length;
        }
    }

    internal void Write(SimulatedFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var fitting = Fitting(file, offset, bytes.Length);
            var change = new FileChange(offset, bytes[..fitting].ToArray());
            var torn = new FileChange(offset, bytes[..(fitting / 2)].ToArray());
            Enter(DiskCall.Write, file.Path, () => file.Content.Change(change), () => file.Content.Change(torn));
            file.Content.Change(change);
            if (fitting < bytes.Length)
            {
                throw NoSpaceFor(file);
            }
        }
    }

    internal void SetLength(SimulatedFile file, long length)
    {
        lock (_gate)
        {
            if (length - file.Content.Length > FreeBytesNow)
            {
                throw NoSpaceFor(file);
            }

            var change = new FileChange(length, null);
            Enter(DiskCall.SetLength, file.Path, () => file.Content.Change(change));
            file.Content.Change(change);
        }
    }

    internal void Flush(SimulatedFile file, string purpose)
    {
        lock (_gate)
        {
            if (FlushTakesEffect(DiskCall.Flush, file.Path, purpose, () => file.Content.FlushFailed()))
            {
                file.Content.Flush();
            }
        }
    }

    private static IOException NoSpaceFor(SimulatedFile file) =>
        new($"No space left on the simulated disk for {file.Path}.");

    private int Fitting(SimulatedFile file, long offset, int length) =>
        (int)Math.Min(length, Math.Max(0, FreeBytesNow + file.Content.Length - offset));

    private bool FlushTakesEffect(DiskCall call, string path, string purpose, Action? failed = null)
    {
        _flushes.Add(purpose);
        Enter(call, path, failed: failed);
        return !string.Equals(purpose, IgnoredFlush, StringComparison.Ordinal);
    }

    /// <summary>
    /// Every call passes here. When the power fails on a call, <paramref name="unsynced"/> is still done, so that any
    /// part of it may survive.
    /// </summary>
    private void Enter(DiskCall call, string path, Action? unsynced = null, Action? failed = null)
    {
        if (!PowerIsOff && (call & PowerCutCalls) != 0 && ++_callCount == PowerCutCall)
        {
            PowerIsOff = true;
            unsynced?.Invoke();
        }

        if (PowerIsOff)
        {
            throw new PowerLossException();
        }

        // Every fault counts its own calls, so all of them are asked.
        if (_faults.Count(fault => fault.Hits(call, path)) > 0)
        {
            failed?.Invoke();
            throw new InjectedFaultException(call, path);
        }
    }
}

namespace WikiBus.Storage.Writing;

/// <summary>
/// Brings the end of the log back after a failed write or flush:
/// 1. the handle is closed, since after a failed flush it must not be trusted, and the file is opened again;
/// 2. it is cut to the last committed byte and flushed;
/// 3. the next segment is started.
/// If 1 or 3 fails, it is tried again when the writer asks next, once a second. If 2 fails, what the disk holds is
/// unknown: the log stays stopped until a restart recovers it. Belongs to the writer's thread.
/// </summary>
internal sealed class WriterMending(LogTail tail, WriterHealth health)
{
    private bool _isCut;

    /// <summary>A write or flush failed; the first steps are tried immediately.</summary>
    public void Begin(IOException exception)
    {
        health.Failed(exception);
        _isCut = false;
        TryCut();
    }

    /// <summary>True if frames may be written again.</summary>
    public bool TryFinish()
    {
        if (!TryCut())
        {
            return false;
        }

        try
        {
            tail.StartSegment();
            health.Recovered();
            return true;
        }
        catch (IOException exception)
        {
            health.Failed(exception);
            return false;
        }
    }

    private bool TryCut()
    {
        if (_isCut || health.IsStopped)
        {
            return _isCut;
        }

        IStorageFile file;
        try
        {
            file = tail.Reopen();
        }
        catch (IOException exception)
        {
            health.Failed(exception);
            return false;
        }

        using (file)
        {
            try
            {
                tail.Cut(file);
                _isCut = true;
            }
            catch (IOException exception)
            {
                health.Stopped(exception);
            }
        }

        return _isCut;
    }
}

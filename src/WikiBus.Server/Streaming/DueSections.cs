using System.Collections.Concurrent;

namespace WikiBus.Server.Streaming;

/// <summary>
/// The sections whose connections are to be offered what is new. The thread pool runs them few at a time: its queue is
/// first come, first served, and requests of producers would else stand behind all readers. Safe for concurrent use.
/// </summary>
internal sealed class DueSections : IThreadPoolWorkItem
{
    /// <summary>So many run at a time: one processor is left to the producers, and to the log.</summary>
    private static readonly int RunningMax = Math.Max(1, Environment.ProcessorCount - 1);

    // Bounded by the number of sections: none is in here twice.
    private readonly ConcurrentQueue<AudienceSection> _sections = new();
    private int _running;

    /// <summary>Runs a section soon, unless it is to run already.</summary>
    public void Add(AudienceSection section)
    {
        if (section.TryMarkDue())
        {
            _sections.Enqueue(section);
            Start();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_sections.TryDequeue(out var section))
        {
            section.Offer();
        }

        if (!_sections.IsEmpty)
        {
            // At the end of the pool's queue: others have their turn first.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        Interlocked.Decrement(ref _running);
        if (!_sections.IsEmpty)
        {
            // Added just now by somebody who saw this one run.
            Start();
        }
    }

    private void Start()
    {
        // Never counted beyond the limit: who sees it reached must be right that one runs and will look once more.
        for (var running = Volatile.Read(ref _running); running < RunningMax;)
        {
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }

            running = seen;
        }
    }
}

using WikiBus.Events.MediaWiki.Jobs;

namespace WikiBus.Events.MediaWiki;

public sealed partial class MediaWikiEvents
{
    /// <summary>The wiki puts off some work: <c>mediawiki.job.TYPE</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="job">The work.</param>
    /// <param name="secretKey">
    /// The bytes of the wiki's <c>$wgSecretKey</c>, with which the event is signed (<see cref="JobSignature"/>). Null
    /// leaves the signature out; MediaWiki does not execute such a job.
    /// </param>
    /// <exception cref="ArgumentException">The job has no parameters, or some that PHP cannot encode.</exception>
    public MediaWikiEvent Job(EventContext context, WikiJob job, byte[]? secretKey = null) =>
        new(job.Stream, EventKinds.Job, context.Id, JobWriter.Write(site, generation, context, job, secretKey));
}

namespace WikiBus.Producer;

/// <summary>How a job ended.</summary>
public sealed class JobResult
{
    private JobResult(bool isSuccess, bool isInvalid, string? error)
    {
        IsSuccess = isSuccess;
        IsInvalid = isInvalid;
        Error = error;
    }

    /// <summary>The job is done. The answer is 200.</summary>
    public static JobResult Succeeded { get; } = new(isSuccess: true, isInvalid: false, error: null);

    /// <summary>Is the job done?</summary>
    public bool IsSuccess { get; }

    /// <summary>Can the job never be done, since its parameters are wrong?</summary>
    public bool IsInvalid { get; }

    /// <summary>Why it is not done; the caller gets the text.</summary>
    public string? Error { get; }

    /// <summary>The job is not done, but may be later. The answer is 500, or 200 if it must not be run again.</summary>
    /// <param name="error">Why (<c>Job::setLastError</c>); the caller gets the text.</param>
    public static JobResult Failed(string? error = null) => new(isSuccess: false, isInvalid: false, error);

    /// <summary>There is no such job, since its parameters are wrong. The answer is 400.</summary>
    /// <param name="error">What is wrong; the caller gets the text.</param>
    public static JobResult Invalid(string error) => new(isSuccess: false, isInvalid: true, error);
}

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>The exit code and output of a run of the binary.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

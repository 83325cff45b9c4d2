namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>What a run of the binary left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

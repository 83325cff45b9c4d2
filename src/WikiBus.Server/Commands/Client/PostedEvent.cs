namespace WikiBus.Server.Commands.Client;

/// <summary>An event on its way to the server.</summary>
/// <param name="Source">The file that it came from, or <c>-</c>.</param>
/// <param name="Line">The line of that file on which it begins, from 1.</param>
/// <param name="Number">Which event of that file it is, from 1.</param>
/// <param name="Json">Its bytes as they were in the file.</param>
internal sealed record PostedEvent(string Source, long Line, long Number, byte[] Json);

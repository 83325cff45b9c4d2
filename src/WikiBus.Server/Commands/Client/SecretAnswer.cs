using System.Text.Json;

namespace WikiBus.Server.Commands.Client;

/// <summary>Writes answers that may have a new secret.</summary>
internal static class SecretAnswer
{
    /// <summary>Writes an answer as a line of JSON.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="done">What the server has done already, for the message if the secret cannot be written.</param>
    /// <param name="rotation">The command that gives another secret.</param>
    /// <returns>Whether it had a secret.</returns>
    /// <exception cref="CommandFault">The secret is lost, unlike other data that nobody reads.</exception>
    public static bool Write(JsonElement answer, string done, string rotation)
    {
        var hasSecret = answer.TryGetProperty("secret", out _);
        try
        {
            var output = new StandardOutput();
            output.WriteLine(answer.GetRawText());
            output.Flush();
        }
        catch (Exception exception) when (hasSecret && exception is ReaderGoneException or CommandFault)
        {
            throw new CommandFault(
                $"{done}, but its secret could not be written ({exception.Message.TrimEnd('.')}). Rotate it "
                + $"({rotation}) to get another secret.");
        }
        catch (ReaderGoneException)
        {
            // Nobody wants to see the answer.
        }

        if (hasSecret)
        {
            Terminal.Say("the secret is shown only now; keep it");
        }

        return hasSecret;
    }
}

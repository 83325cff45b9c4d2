using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands;

/// <summary><c>wikibus completion</c>: prints the script by which a shell completes the command line.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _wikibus() {
            local words
            words="$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _wikibus wikibus ./wikibus
        """;

    private const string Zsh = """
        #compdef wikibus
        _wikibus() {
            local -a words
            words=("${(@f)$("${words[1]:-wikibus}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${words[@]}"
            _files
        }
        compdef _wikibus wikibus
        """;

    private const string Fish = """
        complete --command wikibus \
            --arguments '(wikibus "[suggest:"(commandline --cursor)"]" (commandline) 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", """
            Print the script by which a shell completes this command

            Examples:
              source <(wikibus completion bash)
              wikibus completion fish > ~/.config/fish/completions/wikibus.fish
            """) { shell };
        command.SetAction(arguments =>
        {
            Terminal.WriteLine(arguments.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return ExitCodes.Done;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Hosting;
using WikiBus.Server.Http;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Commands;

/// <summary><c>wikibus log</c>: looks at the log's files without a server; only <c>repair</c> changes them.</summary>
internal static class LogCommand
{
    /// <summary>Damage that info and dump name; <c>log check</c> lists all.</summary>
    private const int DamageLinesMax = 10;

    private static readonly JsonSerializerOptions s_lineFormat = new(JsonSerializerDefaults.Web)
    {
        Encoder = JsonOutput.Encoder,
    };

    public static Command Create() => new("log", """
        Look at a log's files, without a server; all but repair only read

        Examples:
          wikibus log info --data ./data
          wikibus log check --data ./data
          wikibus log dump --data ./data --from 1000 | head
        """)
    {
        Verb("info", "List the segments and what they hold, one a line as JSON",
            static (inspector, _) => Describe(inspector)),
        Verb("check", "Read every byte, also of state.db; exit 1 and list each damage if there is any", Check),
        Verb("repair", "Make a damaged log open again; damaged files are kept under another name",
            static (inspector, _) => Repair(inspector)),
        Dump(),
    };

    private static Command Verb(string name, string description, Func<LogInspector, string, int> run)
    {
        var data = DataOption();
        var command = new Command(name, description) { data };
        command.SetAction(arguments => Inspect(arguments.GetValue(data)!, run));
        return command;
    }

    private static Command Dump()
    {
        var data = DataOption();
        var from = CountOption.Create("--from", "POSITION", "Begin at this position (default 0)");
        var command = new Command("dump", "Write every intact record, one a line as JSON") { data, from };
        command.SetAction(arguments => Inspect(arguments.GetValue(data)!, (inspector, _) =>
        {
            var damage = new List<LogDamage>();
            DumpTo(new StandardOutput(), inspector, arguments.GetValue(from), damage);
            return Report(damage);
        }));
        return command;
    }

    private static int Describe(LogInspector inspector)
    {
        var damage = new List<LogDamage>();
        WriteAll(inspector.Describe(damage.Add));
        return Report(damage);
    }

    /// <summary>Names what could not be read, beside what was.</summary>
    private static int Report(List<LogDamage> damage)
    {
        foreach (var item in damage.Take(DamageLinesMax))
        {
            Terminal.Say($"{item.File}, bytes {item.From} to {item.To}: {item.What}");
        }

        if (damage.Count == 0)
        {
            return ExitCodes.Done;
        }

        Terminal.Say($"{Regions(damage)}; everything else was written. wikibus log check lists all of them.");
        return ExitCodes.Failed;
    }

    private static Option<string> DataOption() => new("--data")
    {
        Description = "The server's data directory",
        HelpName = "DIR",
        Required = true,
    };

    private static int Inspect(string data, Func<LogInspector, string, int> run)
    {
        var directory = Path.GetFullPath(Path.Combine(data, "log"));
        if (!Directory.Exists(directory))
        {
            throw new CommandFault(
                DataFolder.FindLogFault(data) ?? $"There is no log in '{data}' that this user can see.",
                ExitCodes.Usage);
        }

        try
        {
            return run(new LogInspector(directory, new PhysicalFileSystem()), data);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException
                or LogDamagedException)
        {
            throw new CommandFault(DataFolder.InUse(data, exception) ?? exception.Message);
        }
    }

    private static int Check(LogInspector inspector, string data)
    {
        var damage = inspector.Check();
        WriteAll(damage);
        Terminal.Say(damage.Count == 0
            ? "the log is intact"
            : $"{Regions(damage)}. Copy the data directory first; then wikibus log repair mends what can be mended, "
                + "and says what cannot.");
        var isStateIntact = CheckState(data);
        return damage.Count == 0 && isStateIntact ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static bool CheckState(string data)
    {
        var findings = StateFile.Check(data, [KeyTable.Schema, DeliveryTables.Schema, SetTable.Schema]);
        var path = Path.Combine(data, StateDatabase.FileName);
        WriteAll([.. findings.Select(finding => new StateDamage(path, finding))]);
        if (findings.Count > 0)
        {
            Terminal.Say(StateFile.Damaged(findings[0]).Message);
        }

        return findings.Count == 0;
    }

    private static int Repair(LogInspector inspector)
    {
        var repair = inspector.Repair();
        WriteAll(repair.Damage);
        var lost = repair.LostRecordsMax is { } count
            ? $"at most {Terminal.Count(count, "record")} lost"
            : "an unknown number of records lost";
        Terminal.Say($"{Regions(repair.Damage)}; {lost}");
        foreach (var file in repair.DamagedFiles)
        {
            Terminal.Say($"kept: {file}");
        }

        return ExitCodes.Done;
    }

    private static string Regions(IReadOnlyList<LogDamage> damage) => Terminal.Count(damage.Count, "damaged region");

    private static int WriteAll<T>(IReadOnlyList<T> items)
    {
        foreach (var item in items)
        {
            Terminal.WriteLine(JsonSerializer.Serialize(item, s_lineFormat));
        }

        return ExitCodes.Done;
    }

    private static void DumpTo(StandardOutput output, LogInspector inspector, long from, List<LogDamage> damage)
    {
        try
        {
            try
            {
                inspector.Dump(from, Write, damage.Add);
            }
            finally
            {
                output.Flush();
            }
        }
        catch (ReaderGoneException)
        {
            // The reader of the output (head, less) has had enough. That is a success.
        }

        bool Write(LogRecord record)
        {
            output.WriteLine(RecordLine.Write(record));
            return true;
        }
    }
}

/// <summary>One damage of the state database, as <c>log check</c> writes it.</summary>
internal sealed record StateDamage(string File, string What);

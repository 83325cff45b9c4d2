using WikiBus.Storage.Tests.Logs;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Inspection;

/// <summary>A repair that is interrupted anywhere loses nothing that an uninterrupted one keeps.</summary>
public sealed class InterruptedRepairTests
{
    [Theory]
    [InlineData(false, 1, false)]
    [InlineData(false, 1, true)]
    [InlineData(false, 3, false)]
    [InlineData(false, 3, true)]
    [InlineData(true, 1, false)]
    [InlineData(true, 1, true)]
    public async Task RepairInterruptedAnywhere_TheNextOneKeepsAsMuch(bool hasCopy, int segment, bool isPowerLoss)
    {
        var start = await RepairBed.StartAsync();
        if (hasCopy)
        {
            start.Disk.Replace(
                $"{LogBed.Directory}/00000009-00000000000000000099.segment",
                start.Disk.ReadAll(start.Segments[segment]));
        }

        var logId = start.Copy().Inspector.Repair().LogId;
        start.FlipRecord((segment * RepairBed.RecordsPerSegment) + 1);
        var whole = start.Copy();
        var expected = whole.Inspector.Repair();
        var faults = new List<string>();
        var isDone = false;
        for (var call = 1; !isDone; call++)
        {
            var disk = start.Disk.Copy();
            (disk.PowerCutCalls, disk.PowerCutCall) = (DiskCall.Changing, call);
            try
            {
                new LogInspector(LogBed.Directory, disk).Repair();
                isDone = true;
            }
            catch (IOException) when (disk.PowerIsOff)
            {
            }

            disk.CutPower();
            disk = isPowerLoss ? disk.Crash(new Random(call)) : disk.KillProcess();
            var inspector = new LogInspector(LogBed.Directory, disk);
            try
            {
                var again = inspector.Repair();
                var left = 0;
                inspector.Dump(0, _ => ++left > 0);
                if (left != whole.Dump().Count || (again.LogId == logId) != (expected.LogId == logId))
                {
                    faults.Add($"call {call}: {left} records, same log id: {again.LogId == logId}");
                }
            }
            catch (Exception exception) when (exception is IOException or LogDamagedException)
            {
                faults.Add($"call {call}: {exception.Message}");
            }
        }

        faults.ShouldBeEmpty($"{whole.Dump().Count} records, same log id: {expected.LogId == logId}");
    }
}

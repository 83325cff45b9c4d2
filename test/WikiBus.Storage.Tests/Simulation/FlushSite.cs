using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// Names the place in the product that asked for a flush, so that a test can take away exactly that one: the type and
/// method
/// of the caller and which flush it is.
/// </summary>
internal static partial class FlushSite
{
    private static readonly Type[] s_simulation = [typeof(FlushSite), typeof(SimulatedDisk), typeof(SimulatedFile)];

    public static string OfCaller(DiskCall call)
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            var method = frame.GetMethod();
            var type = method?.DeclaringType;
            if (method is null || type is null || s_simulation.Contains(type))
            {
                continue;
            }

            // Async methods and lambdas live in nested generated types and methods whose names hold the source's in <>.
            var owner = type;
            while (owner.DeclaringType is not null && owner.Name.Contains('<', StringComparison.Ordinal))
            {
                owner = owner.DeclaringType;
            }

            var name = SourceName().Match(method.Name) is { Success: true } inMethod ? inMethod.Groups[1].Value
                : SourceName().Match(type.Name) is { Success: true } inType ? inType.Groups[1].Value
                : method.Name;
            return $"{owner.Name}.{name}: {call}";
        }

        throw new InvalidOperationException("The flush has no caller outside the simulation.");
    }

    [GeneratedRegex("<(\\w+)>", RegexOptions.NonBacktracking)]
    private static partial Regex SourceName();
}

using Microsoft.AspNetCore.WebUtilities;

namespace WikiBus.Server.Commands.Client;

/// <summary>Makes paths with parameters.</summary>
internal static class QueryPath
{
    /// <summary>The path with the parameters that are given; those that are null are left out.</summary>
    public static string Of(string path, params IEnumerable<(string Name, string? Value)> parameters) =>
        QueryHelpers.AddQueryString(
            path, parameters.Select(static parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
}

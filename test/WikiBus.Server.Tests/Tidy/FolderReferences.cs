using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>
/// Finds which folder refers to which. The compiler resolves each name. So a type may be written in full, relative to
/// a namespace, after a <c>using</c>, or only be reached through a member.
/// </summary>
internal static class FolderReferences
{
    // The namespaces that the SDK imports into every file.
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    // Errors about names that nothing declares. With one of these, the search would miss references.
    private static readonly ImmutableHashSet<string> s_unresolved =
        ImmutableHashSet.Create(StringComparer.Ordinal, "CS0246", "CS0234", "CS0103", "CS0400");

    /// <summary>All references between different folders: one for each pair of file and folder.</summary>
    /// <param name="sources">Paths with forward slashes relative to the root, and the texts.</param>
    /// <exception cref="InvalidOperationException">A name of the sources cannot be resolved.</exception>
    public static IReadOnlyList<FolderReference> Find(IEnumerable<(string Path, string Text)> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None);
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, options, source.Path)).ToList();
        var compilation = CSharpCompilation.Create(
            "sources",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options)),
            PlatformAssemblies(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        RefuseUnresolved(compilation);
        return [.. trees.SelectMany(tree => ReferencesOf(tree, compilation.GetSemanticModel(tree)))];
    }

    private static IEnumerable<MetadataReference> PlatformAssemblies() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("WikiBus.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static void RefuseUnresolved(CSharpCompilation compilation)
    {
        var unresolved = compilation.GetDiagnostics().Where(fault => s_unresolved.Contains(fault.Id)).Take(5).ToList();
        if (unresolved.Count > 0)
        {
            throw new InvalidOperationException($"Names are not resolved: {string.Join('\n', unresolved)}");
        }
    }

    private static IEnumerable<FolderReference> ReferencesOf(SyntaxTree tree, SemanticModel model)
    {
        var from = FolderReference.FolderOf(tree.FilePath);
        return tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Select(name => (Name: name, Target: PathOf(model.GetSymbolInfo(name))))
            .Where(found => found.Target is not null)
            .Select(found => new FolderReference(
                from, FolderReference.FolderOf(found.Target!), tree.FilePath, found.Name.Identifier.Text))
            .Where(reference => reference.From != reference.To)
            .DistinctBy(reference => reference.To, StringComparer.Ordinal);
    }

    // The file that declares the type of the name. For a member, that is the type which contains it.
    private static string? PathOf(SymbolInfo found)
    {
        var symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        return type?.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath;
    }
}

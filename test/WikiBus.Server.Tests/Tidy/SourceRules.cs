using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>The rules for every C# file. Each finding says where, what, and what is allowed.</summary>
internal static partial class SourceRules
{
    public const int FileLinesMax = 400;
    public const int FunctionLinesMax = 70;
    public const int LineCharactersMax = 120;
    public const int SmallTypeLinesMax = 10;

    /// <summary>The libraries that run on each system that .NET runs on.</summary>
    public static readonly string[] LibrariesForWikis =
        ["src/WikiBus.Events/", "src/WikiBus.Producer/", "src/WikiBus.Producer.EntityFrameworkCore/"];

    public static IEnumerable<string> Check(string path, string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest));
        var root = tree.GetCompilationUnitRoot();
        return CheckLines(path, text)
            .Concat(path.StartsWith("samples/", StringComparison.Ordinal) ? [] : CheckTypes(path, root))
            .Concat(CheckFunctions(path, root))
            .Concat(CheckPatterns(path, root))
            .Concat(CheckExceptions(path, root));
    }

    private static IEnumerable<string> CheckLines(string path, string text)
    {
        var lines = text.Split('\n');
        var isForWikis = LibrariesForWikis.Any(library => path.StartsWith(library, StringComparison.Ordinal));
        if (lines.Length - 1 > FileLinesMax)
        {
            yield return
                $"{path}: {lines.Length - 1} lines; at most {FileLinesMax}. Split it by what changes together.";
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > LineCharactersMax)
            {
                yield return $"{path}:{i + 1}: {lines[i].Length} characters; at most {LineCharactersMax}.";
            }

            if (lines[i].Length > 0 && char.IsWhiteSpace(lines[i][^1]))
            {
                yield return $"{path}:{i + 1}: white space at the end of the line; remove it.";
            }

            if (UnfinishedWork().IsMatch(lines[i]))
            {
                yield return $"{path}:{i + 1}: unfinished by its own words; finish it or remove it.";
            }

            if (MachinePlace().IsMatch(lines[i]))
            {
                yield return
                    $"{path}:{i + 1}: names a place of one machine; derive it from the repository or the environment.";
            }

            if (isForWikis && OneSystem().IsMatch(lines[i]))
            {
                yield return $"{path}:{i + 1}: needs one system; this library runs on Linux and Windows.";
            }
        }
    }

    private static IEnumerable<string> CheckTypes(string path, CompilationUnitSyntax root)
    {
        // "EventLog.Recovery.cs" holds a part of EventLog; "Pair`1" is written as Pair.
        var name = Path.GetFileNameWithoutExtension(path).Split('.')[0];
        var types = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Where(node => !IsSmallRecord(node) || NameOf(node) == name)
            .Select(NameOf)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (types.Count > 1)
        {
            yield return $"{path}: {types.Count} top-level types ({string.Join(", ", types)}); "
                + $"one per file, and records of up to {SmallTypeLinesMax} lines that serve it.";
        }

        if (types.Count == 1 && !string.Equals(types[0], name, StringComparison.Ordinal))
        {
            yield return $"{path}: holds the type {types[0]}; name the file after it.";
        }

        if (root.Members.OfType<NamespaceDeclarationSyntax>().Any())
        {
            yield return $"{path}: block-scoped namespace; use a file-scoped one.";
        }
    }

    private static IEnumerable<string> CheckFunctions(string path, CompilationUnitSyntax root)
    {
        foreach (var node in root.DescendantNodes())
        {
            if (node is not (BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax))
            {
                continue;
            }

            // The span excludes leading trivia, so documentation above the declaration does not count.
            var span = node.SyntaxTree.GetLineSpan(node.Span);
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > FunctionLinesMax)
            {
                var at = span.StartLinePosition.Line + 1;
                yield return $"{path}:{at}: a function of {lines} lines; at most {FunctionLinesMax}.";
            }
        }
    }

    // What \d matches in any script, int.Parse does not read. Tests read only what we wrote.
    private static IEnumerable<string> CheckPatterns(string path, CompilationUnitSyntax root)
    {
        if (!path.StartsWith("src/", StringComparison.Ordinal))
        {
            yield break;
        }

        var attributes = root.DescendantNodes().OfType<AttributeSyntax>()
            .Where(node => node.Name.ToString() == "GeneratedRegex").Cast<SyntaxNode>();
        var objects = root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            .Where(node => node.Type.ToString() == "Regex");
        foreach (var literal in attributes.Concat(objects)
            .SelectMany(node => node.DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) && UnicodeClass().IsMatch(token.ValueText)))
        {
            var line = literal.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            yield return $"{path}:{line}: \\d and \\w match digits and letters of all scripts; use [0-9] and [A-Za-z].";
        }
    }

    // All exceptions have the same name, so that nobody looks for a better one.
    private static IEnumerable<string> CheckExceptions(string path, CompilationUnitSyntax root)
    {
        var caught = root.DescendantNodes().OfType<CatchDeclarationSyntax>().Select(node => node.Identifier);
        var parameters = root.DescendantNodes().OfType<ParameterSyntax>()
            .Where(node => node.Type is IdentifierNameSyntax type
                && type.Identifier.Text.EndsWith("Exception", StringComparison.Ordinal)
                && node.Parent?.Parent is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(node => node.Identifier);
        foreach (var name in caught.Concat(parameters).Where(name => name.Text is not ("" or "exception")))
        {
            var line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            yield return $"{path}:{line}: an exception is called {name.Text}; call it exception.";
        }
    }

    private static bool IsSmallRecord(SyntaxNode node) => node is RecordDeclarationSyntax
        && node.GetText().Lines.Count <= SmallTypeLinesMax + 1;

    private static string NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => throw new ArgumentException("Not a type declaration.", nameof(node)),
    };

    // In pieces, so that this file does not break its own rule.
    [GeneratedRegex(
        @"NotImplemented" + "Exception|\\bTO" + "DO\\b|\\bFIX" + "ME\\b|\\bHA" + "CK\\b",
        RegexOptions.None,
        1000)]
    private static partial Regex UnfinishedWork();

    [GeneratedRegex("[\\\\][dDwW]", RegexOptions.None, 1000)]
    private static partial Regex UnicodeClass();

    [GeneratedRegex(@"[""' ]/(work|farm|root|home)/[a-z]", RegexOptions.None, 1000)]
    private static partial Regex MachinePlace();

    [GeneratedRegex(
        @"\b(DllImport|LibraryImport|Mono\.Unix)\b|""/(dev|etc|proc|sys|tmp|usr|var)[/""]",
        RegexOptions.None,
        1000)]
    private static partial Regex OneSystem();
}

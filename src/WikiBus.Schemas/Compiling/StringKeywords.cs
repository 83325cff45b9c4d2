using WikiBus.Json;
using WikiBus.Schemas.Formats;
using WikiBus.Schemas.Patterns;
using WikiBus.Schemas.Rules;
using WikiBus.Schemas.Rules.Values;

namespace WikiBus.Schemas.Compiling;

/// <summary>Keywords for strings.</summary>
internal static class StringKeywords
{
    public static void Add(NodeBuilder builder)
    {
        if (builder.Vocabulary.HasValidation)
        {
            AddAssertions(builder);
        }

        AddFormat(builder);
    }

    /// <summary>The compiled pattern; throws the fault of an invalid or insecure one.</summary>
    public static EcmaPattern Compile(NodeBuilder builder, string source, bool isInputBounded) =>
        EcmaPattern.TryCreate(source, isInputBounded, out var pattern, out var fault)
            ? pattern!
            : throw builder.Fault($"pattern {ErrorText.Quote(source)}: {fault};");

    private static void AddAssertions(NodeBuilder builder)
    {
        var lengthMax = builder.CountOf("maxLength"u8);
        if (lengthMax is { } most)
        {
            builder.Add(JsonKind.String, new LengthRule(most, isMaximum: true));
        }

        if (builder.CountOf("minLength"u8) is { } least)
        {
            builder.Add(JsonKind.String, new LengthRule(least, isMaximum: false));
        }

        if (builder.TextOf("pattern"u8) is { } source)
        {
            builder.Add(JsonKind.String,
                new PatternRule(source, Compile(builder, source, lengthMax is not null), lengthMax));
        }
    }

    private static void AddFormat(NodeBuilder builder)
    {
        var rules = builder.Options.Formats;
        if (rules == FormatRules.Ignore && builder.Vocabulary.AssertsFormat)
        {
            rules = FormatRules.Strict;
        }

        if (rules == FormatRules.Ignore || builder.TextOf("format"u8) is not { } name)
        {
            return;
        }

        var check = FormatTable.Find(name, rules);
        if (check is not null)
        {
            builder.Add(JsonKind.String, new FormatRule(name, check));
        }
        else if (builder.Options.RefuseUnknownFormats)
        {
            throw builder.Fault($"unknown format \"{name}\" is used");
        }
    }
}

namespace WikiBus.Schemas.Yaml;

/// <summary>The kinds of scalars in YAML's core schema.</summary>
internal enum YamlScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Float,
}

namespace WikiBus.Schemas.Yaml;

/// <summary>What a scalar is in YAML's core schema.</summary>
internal enum YamlScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Float,
}

namespace WikiBus.Server.Access;

/// <summary>How a secret was made, which says how it has to be hashed.</summary>
internal enum SecretKind
{
    /// <summary>
    /// Made here, 256 random bits: SHA-256 is enough, nothing shorter than trying all of them finds it.
    /// </summary>
    Made,

    /// <summary>Given by somebody, so perhaps weak: PBKDF2, to make trying likely ones expensive.</summary>
    Given,
}

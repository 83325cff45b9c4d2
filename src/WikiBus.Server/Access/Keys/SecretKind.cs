namespace WikiBus.Server.Access.Keys;

/// <summary>Where a secret comes from, which decides its hash.</summary>
internal enum SecretKind
{
    /// <summary>
    /// Made by the bus from 256 random bits. SHA-256 is enough, since nobody can try so many values.
    /// </summary>
    Made,

    /// <summary>Given by a person, so perhaps weak. PBKDF2 makes guessing expensive.</summary>
    Given,
}

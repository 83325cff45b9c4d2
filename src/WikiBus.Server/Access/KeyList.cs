namespace WikiBus.Server.Access;

/// <summary>The answer to <c>GET /v1/keys</c>.</summary>
/// <param name="Keys">All keys, by id.</param>
internal sealed record KeyList(IReadOnlyList<KeyAnswer> Keys);

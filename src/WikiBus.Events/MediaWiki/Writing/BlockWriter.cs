using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Writing;

/// <summary>Writes what a blocked user may not do.</summary>
internal static class BlockWriter
{
    public static void Write(PhpJsonBuilder json, UserBlock block)
    {
        json.BeginObject("blocks");
        json.Write("name", block.HidesName);
        json.Write("email", block.BlocksEmail);
        json.Write("user_talk", block.BlocksOwnTalk);
        json.Write("account_create", block.BlocksAccountCreation);
        json.Write("sitewide", block.IsSitewide);
        json.BeginList("restrictions");
        foreach (var restriction in block.Restrictions)
        {
            json.BeginObject();
            json.Write("type", restriction.Type);
            json.Write("value", restriction.Value);
            json.EndObject();
        }

        json.EndList();
        if (block.Expiry is { } expiry)
        {
            json.Write("expiry_dt", expiry);
        }

        json.EndObject();
    }
}

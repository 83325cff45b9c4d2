using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Writing;

/// <summary>Writes the user who made a change, and the comment.</summary>
internal static class PerformerWriter
{
    /// <summary>Writes <c>performer</c>; nothing if nobody is known.</summary>
    public static void Write(PhpJsonBuilder json, WikiUser? performer)
    {
        if (performer is null)
        {
            return;
        }

        var isRegistered = performer.Id != 0;
        json.BeginObject("performer");
        json.Write("user_text", performer.Name);
        json.WriteList("user_groups", performer.Groups);
        json.Write("user_is_bot", isRegistered && performer.IsBot);
        if (isRegistered)
        {
            json.Write("user_id", performer.Id);
        }

        if (performer.Registration is { } registration)
        {
            json.Write("user_registration_dt", registration);
        }

        if (isRegistered && performer.EditCount is { } editCount)
        {
            json.Write("user_edit_count", editCount);
        }

        json.EndObject();
    }

    /// <summary>Writes <c>comment</c> and <c>parsedcomment</c>; nothing if the comment is empty.</summary>
    public static void WriteComment(PhpJsonBuilder json, WikiComment? comment)
    {
        if (comment is null or { Text: "" })
        {
            return;
        }

        json.Write("comment", comment.Text);
        if (comment.Html is { } html)
        {
            json.Write("parsedcomment", html);
        }
    }
}

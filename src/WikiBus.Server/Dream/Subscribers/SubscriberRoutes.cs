using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Dream.Answers;
using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>The routes that create, show, replace and delete sets, with Dream's answers.</summary>
/// <remarks>Source: Dream's <c>PubSubService</c>, and recorded answers. Dream answers 500 to documents that it cannot
/// read, and 304 to a newer version that it took. Here these are 400 and 200.</remarks>
internal sealed class SubscriberRoutes(
    SetStore sets, SetBody bodies, CombinedSets combined, PublicUri publicUri, TargetUrl urls, DreamTargets targets,
    DreamOptions options, ILogger<SubscriberRoutes> logger)
{
    /// <summary>The name of the location in the path.</summary>
    public const string Location = "location";

    private const string NoSet = "There is no subscription set at this location";
    private const string Taken = "The specified owner or location already has a registered subscription set";
    private const string OtherOwner = "owner of new set does not match existing owner";
    private const string OtherFailureType = "new set has different failure type";

    /// <summary>The combined set: of all sets for other services, else of the caller's own.</summary>
    public Task CombinedAsync(HttpContext context, Caller caller)
    {
        if (!Has(caller, Role.Subscribe | Role.Chain))
        {
            return DreamAnswers.DeniedAsync(context);
        }

        return DreamAnswers.DocumentAsync(context, 200, SetWriter.Write(combined.For(caller.Id, caller.Roles)));
    }

    /// <summary>All sets, uncombined.</summary>
    public Task ListAsync(HttpContext context, Caller caller) => caller.MayManage
        ? DreamAnswers.DocumentAsync(
            context, 200,
            new XElement("subscription-sets", sets.Book.All.Select(static set => SetWriter.Write(set.Set))))
        : DreamAnswers.DeniedAsync(context);

    public async Task CreateAsync(HttpContext context, Caller caller)
    {
        if (!Has(caller, Role.Subscribe))
        {
            await DreamAnswers.DeniedAsync(context);
            return;
        }

        if (await bodies.ReadAsync(context, otherType: 400, sets.IsOfService(caller.Id)) is not { } root)
        {
            return;
        }

        if (!SetReader.TryRead(root, out var set, out var fault)
            || !SetBody.TryReadKey(context.Request, SetBody.LocationHeader, out var location, out fault)
            || !SetBody.TryReadKey(context.Request, SetBody.AccessKeyHeader, out var accessKey, out fault))
        {
            await DreamAnswers.ErrorAsync(context, 400, fault!);
            return;
        }

        if (HasTooManyDestinations(set, out fault))
        {
            await DreamAnswers.ErrorAsync(context, 403, fault);
            return;
        }

        var outcome = await sets.CreateAsync(set, caller.Id, location, accessKey);
        await (outcome.Kind switch
        {
            SetOutcomeKind.Done => CreatedAsync(context, outcome.Set!),
            SetOutcomeKind.Taken => ConflictAsync(context, outcome.Set!),
            SetOutcomeKind.TooLarge => TooLargeAsync(context, caller.Id),
            _ => DreamAnswers.ErrorAsync(
                context, 403, $"the key has {options.SetsPerKeyMax} sets, as many as Dream:SetsPerKeyMax allows"),
        });
    }

    public Task ShowAsync(HttpContext context, Caller caller)
    {
        var set = sets.Book.Find(LocationOf(context));
        return !SetAccess.MayUse(context.Request, caller, set) ? DreamAnswers.DeniedAsync(context)
            : set is null ? DreamAnswers.ErrorAsync(context, 404, NoSet)
            : DreamAnswers.DocumentAsync(context, 200, SetWriter.Write(set.Set));
    }

    public async Task ReplaceAsync(HttpContext context, Caller caller)
    {
        // Nothing is sent for the set of a revoked key, so its owner has to register again.
        var before = sets.Book.Find(LocationOf(context)) is { } found && sets.IsUsable(found) ? found : null;
        if (!SetAccess.MayUse(context.Request, caller, before))
        {
            await DreamAnswers.DeniedAsync(context);
            return;
        }

        if (await bodies.ReadAsync(
            context, otherType: 403, before is not null && sets.IsOfService(before.KeyId)) is not { } root)
        {
            return;
        }

        if (before is null)
        {
            await DreamAnswers.ErrorAsync(context, 404, NoSet);
            return;
        }

        if (!SetReader.TryReadVersion(root, out var version, out var fault)
            || !SetBody.TryReadKey(context.Request, SetBody.AccessKeyHeader, out var accessKey, out fault))
        {
            await DreamAnswers.ErrorAsync(context, 400, fault!);
            return;
        }

        // An old version is not looked at any further.
        if (SetStore.IsNotNewer(before, version))
        {
            await sets.ConfirmAsync(before.Location, isProbe: true);
            await DreamAnswers.EmptyAsync(context, 304);
            return;
        }

        if (!SetReader.TryRead(root, out var set, out fault) || HasTooManyDestinations(set, out fault))
        {
            await DreamAnswers.ErrorAsync(context, 403, fault);
            return;
        }

        await AnswerAsync(context, await sets.ReplaceAsync(before.Location, set, accessKey));
    }

    /// <summary>Answers 200 also to one that may manage and names no set.</summary>
    public async Task DeleteAsync(HttpContext context, Caller caller)
    {
        var set = sets.Book.Find(LocationOf(context));
        if (!SetAccess.MayUse(context.Request, caller, set))
        {
            await DreamAnswers.DeniedAsync(context);
            return;
        }

        if (set is not null && (await sets.DeleteAsync(set.Location)).Kind == SetOutcomeKind.Done)
        {
            DreamDiagnostics.Deleted(logger, set.Location, set.KeyId);
        }

        await DreamAnswers.EmptyAsync(context, 200);
    }

    private static bool Has(Caller caller, Role role) => (caller.Roles & (role | Role.Manage)) != Role.None;

    private static string LocationOf(HttpContext context) =>
        (string?)context.Request.RouteValues[Location] ?? "";

    private Task CreatedAsync(HttpContext context, StoredSet set)
    {
        DreamDiagnostics.Created(logger, set.Location, set.Destinations.Count, set.KeyId);
        ReportBlocked(set);
        var uri = UriOf(context, set);
        context.Response.Headers.Location = $"{uri}?access-key={set.AccessKey}";
        return DreamAnswers.DocumentAsync(context, 201, new XElement(
            "subscription-set", new XElement("uri.location", uri), new XElement("access-key", set.AccessKey)));
    }

    private Task TooLargeAsync(HttpContext context, string keyId)
    {
        var size = sets.SizeOf(keyId);
        return DreamAnswers.ErrorAsync(
            context, 403, $"all sets of the key would have more than {size.PairsMax} pairs of channel and resource, or "
                + $"more than {size.RecipientCharsMax} characters of recipients for them");
    }

    private Task ConflictAsync(HttpContext context, StoredSet set)
    {
        context.Response.Headers.ContentLocation = UriOf(context, set);
        return DreamAnswers.ErrorAsync(context, 409, Taken);
    }

    private Task AnswerAsync(HttpContext context, SetOutcome outcome)
    {
        switch (outcome.Kind)
        {
            case SetOutcomeKind.Done:
                DreamDiagnostics.Replaced(
                    logger, outcome.Set!.Location, outcome.Set.KeyId, outcome.Set.Destinations.Count);
                ReportBlocked(outcome.Set);
                return DreamAnswers.EmptyAsync(context, 200);
            case SetOutcomeKind.NotNewer:
                return DreamAnswers.EmptyAsync(context, 304);
            case SetOutcomeKind.NotFound:
                return DreamAnswers.ErrorAsync(context, 404, NoSet);
            case SetOutcomeKind.TooLarge:
                return TooLargeAsync(context, outcome.Set!.KeyId);
            default:
                return DreamAnswers.ErrorAsync(
                    context, 403, outcome.Kind == SetOutcomeKind.OtherOwner ? OtherOwner : OtherFailureType);
        }
    }

    // Dream takes any destination, so a set with one that is blocked is not refused.
    private void ReportBlocked(StoredSet set)
    {
        foreach (var (number, uri) in set.Destinations)
        {
            if (!DreamUri.TryParse(uri, out var target)
                || !urls.TryParse(target.ToDisplay(), targets.Of(set.KeyId), out _, out _))
            {
                DreamDiagnostics.Blocked(logger, set.Location, number, set.KeyId);
                return;
            }
        }
    }

    private bool HasTooManyDestinations(SubscriptionSet set, [NotNullWhen(true)] out string? fault)
    {
        var count = set.Subscriptions.Select(static subscription => subscription.Destination).Distinct().Count();
        fault = count <= options.DestinationsPerSetMax ? null
            : $"the set has {count} destinations; at most {options.DestinationsPerSetMax} are allowed "
                + "(Dream:DestinationsPerSetMax)";
        return fault is not null;
    }

    private string UriOf(HttpContext context, StoredSet set) =>
        $"{publicUri.Of(context.Request)}/subscribers/{set.Location}";
}

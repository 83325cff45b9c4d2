using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using WikiBus.Events.Deki;

namespace WikiBus.Producer.Deki;

/// <summary>
/// Takes the deliveries of one recipient. The settings are copied, so that later changes of them have no effect.
/// </summary>
internal sealed partial class DekiRecipient
{
    private readonly Func<DekiDelivery, IServiceProvider, CancellationToken, Task> _handler;
    private readonly string? _secret;
    private readonly int _bodyBytesMax;

    public DekiRecipient(
        Func<DekiDelivery, IServiceProvider, CancellationToken, Task> handler, DekiRecipientOptions options)
    {
        if (options.Secret is { } secret && !DreamKey.IsValid(secret))
        {
            throw new ArgumentException(
                $"DekiRecipientOptions.Secret must consist of {DreamKey.Allowed}, and not be empty.",
                nameof(options));
        }

        if (options.BodyBytesMax < 1)
        {
            throw new ArgumentException(
                $"DekiRecipientOptions.BodyBytesMax must be at least 1; it is {options.BodyBytesMax}.",
                nameof(options));
        }

        _handler = handler;
        _secret = options.Secret;
        _bodyBytesMax = options.BodyBytesMax;
    }

    /// <summary>Answers 200 after the handler's end. An exception of the handler becomes the server's 500.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (_secret is not null && !DreamKey.IsIn(context.Request, _secret))
        {
            await DreamAnswer.RefuseAsync(
                context, StatusCodes.Status403Forbidden, "insufficient access privileges").ConfigureAwait(false);
            return;
        }

        if (await BoundedBody.ReadAsync(context.Request, _bodyBytesMax).ConfigureAwait(false) is not { } body)
        {
            await DreamAnswer.RefuseAsync(
                context,
                StatusCodes.Status413PayloadTooLarge,
                $"The body has more than {_bodyBytesMax} bytes.").ConfigureAwait(false);
            return;
        }

        DekiDelivery delivery;
        try
        {
            delivery = Read(context.Request.Headers, body);
        }
        catch (FormatException exception)
        {
            await DreamAnswer.RefuseAsync(
                context, StatusCodes.Status400BadRequest, exception.Message).ConfigureAwait(false);
            return;
        }

        await _handler(delivery, context.RequestServices, context.RequestAborted).ConfigureAwait(false);
    }

    private static DekiDelivery Read(IHeaderDictionary headers, byte[] body) => new()
    {
        EventId = Required(headers, DreamHeaders.EventId),
        Channel = Required(headers, DreamHeaders.Channel),
        Resource = headers.TryGetValue(DreamHeaders.Resource, out var resource) ? resource[0] : null,
        Origins = [.. headers[DreamHeaders.Origin].SelectMany(line => BetweenUris().Split(line!))],
        Document = DekiEvent.Parse(body),
    };

    private static string Required(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && !StringValues.IsNullOrEmpty(values)
            ? values[0]!
            : throw new FormatException($"The header {name} is missing.");

    // A URI may have commas of its own.
    [GeneratedRegex(@",\s*(?=[A-Za-z][A-Za-z0-9+.\-]*://)", RegexOptions.None, 1000)]
    private static partial Regex BetweenUris();
}

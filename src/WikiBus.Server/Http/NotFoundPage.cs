using System.Text;
using System.Text.Encodings.Web;

namespace WikiBus.Server.Http;

/// <summary>
/// The answer to every address that does not exist: a page in the words of EventGate's web framework.
/// </summary>
internal static class NotFoundPage
{
    /// <summary>The page repeats at most this part of the address.</summary>
    private const int PathCharsMax = 1024;

    public static Task WriteAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.ToUriComponent();
        if (path.Length > PathCharsMax)
        {
            path = path[..PathCharsMax];
        }

        var what = HtmlEncoder.Default.Encode($"Cannot {request.Method} {path}");
        var page = Encoding.UTF8.GetBytes(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n" +
            $"<body>\n<pre>{what}</pre>\n</body>\n</html>\n");

        var response = context.Response;
        response.StatusCode = StatusCodes.Status404NotFound;
        CommonHeaders.SetForBarePage(response);
        return WholeAnswer.WriteAsync(context, "text/html; charset=utf-8", page);
    }
}

using System.Security.Cryptography;
using System.Text;

var key = Convert.FromBase64String(args[0]["whsec_".Length..]);
var receiver = WebApplication.Create();

receiver.MapPost("/", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
    var (id, timestamp) = ($"{request.Headers["webhook-id"]}", $"{request.Headers["webhook-timestamp"]}");
    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body.ToArray()];
    var wanted = Encoding.UTF8.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");
    var given = $"{request.Headers["webhook-signature"]}".Split(' ').Select(Encoding.UTF8.GetBytes);
    var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    var isValid = long.TryParse(timestamp, out var sent) && Math.Abs(now - sent) < 300
        && given.Any(one => CryptographicOperations.FixedTimeEquals(one, wanted));
    Console.WriteLine(isValid ? Encoding.UTF8.GetString(body.ToArray()) : "not from WikiBus");
    return isValid ? Results.NoContent() : Results.Unauthorized();
});
receiver.Run($"http://127.0.0.1:{args[1]}");

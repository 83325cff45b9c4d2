using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas.Tests.Sources;

public sealed class RepositoryUriFuzzTests
{
    private static readonly string[] s_pieces =
    [
        "/", "/", "/", "a", "1.0.0", ".", "..", "...", "%2e", "%2e%2e", "%2f", "%00", "\\", "\0", "?", "#", "#/", ":",
        "//", "@", "~", "+", "-", "_",
        "http://h", "file://", "__proto__", ".yaml", " ", "\t", "\n", "é", "\u202e", "\ud800", ";", "&", "*", "$", "'",
        "\"", "C:", "latest",
    ];

    [Fact]
    public async Task WhatPassesTheDoor_StaysUnderFolderAndUrl()
    {
        var fuzzer = Fuzzer.FromEnvironment();
        var passed = 0;
        await fuzzer.RunAsync(random =>
        {
            var uri = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Pick(s_pieces)));
            if (!RepositoryUri.IsPath(uri))
            {
                return;
            }

            passed++;
            Path.GetFullPath("/base/folder" + uri).ShouldBe("/base/folder" + uri);
            new Uri("http://host/base" + uri).AbsoluteUri.ShouldBe("http://host/base" + uri);
        });
        if (fuzzer.IsWhole)
        {
            passed.ShouldBeInRange(fuzzer.Cases / 1000, fuzzer.Cases / 2);
        }
    }
}

using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas.Tests.Sources;

public sealed class RepositoryUriFuzzTests
{
    private static readonly string[] Pieces =
    [
        "/", "/", "/", "a", "1.0.0", ".", "..", "...", "%2e", "%2e%2e", "%2f", "%00", "\\", "\0", "?", "#", "#/", ":",
        "//", "@", "~", "+", "-", "_",
        "http://h", "file://", "__proto__", ".yaml", " ", "\t", "\n", "é", "\u202e", "\ud800", ";", "&", "*", "$", "'",
        "\"", "C:", "latest",
    ];

    [Fact]
    public void WhatPassesTheDoor_StaysUnderFolderAndUrl()
    {
        var random = Fuzzing.NewRandom();
        var passed = 0;
        for (var number = 0; number < Fuzzing.Cases; number++)
        {
            var uri = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Pick(Pieces)));
            if (!RepositoryUri.IsPath(uri))
                continue;
            passed++;
            Path.GetFullPath("/base/folder" + uri).ShouldBe("/base/folder" + uri);
            new Uri("http://host/base" + uri).AbsoluteUri.ShouldBe("http://host/base" + uri);
        }
        passed.ShouldBeInRange(Fuzzing.Cases / 1000, Fuzzing.Cases / 2);
    }
}

using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Tests.Access;

public sealed class PageSessionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PageSessions _sessions;

    public PageSessionsTests() => _sessions = new PageSessions(new PublicRules([], []), _time);

    [Fact]
    public void Token_OpensOneSession()
    {
        var token = _sessions.MakeToken();
        var session = _sessions.Open(token).ShouldNotBeNull();
        session.ShouldNotBe(token);
        _sessions.Open(token).ShouldBeNull();
        _sessions.Find(session)!.Roles.ShouldBe(Role.Read);
        _sessions.Find(token).ShouldBeNull();
        _sessions.Find("").ShouldBeNull();
    }

    [Fact]
    public void Token_OfBefore_IsVoid_AndAWrongOneDoesNotUseItUp()
    {
        var first = _sessions.MakeToken();
        var second = _sessions.MakeToken();
        _sessions.Open(first).ShouldBeNull();
        _sessions.Open("").ShouldBeNull();
        _sessions.Open(second).ShouldNotBeNull();
    }

    [Fact]
    public void Token_ThatIsNotUsedInTime_IsVoid()
    {
        var token = _sessions.MakeToken();
        _time.Advance(PageSessions.TokenTime);
        _sessions.Open(token).ShouldBeNull();
    }

    [Fact]
    public void Session_EndsAfterItsTime_AlsoForOpenStreams()
    {
        var session = _sessions.Open(_sessions.MakeToken())!;
        var caller = _sessions.Find(session)!;
        _time.Advance(PageSessions.SessionTime);
        caller.MayRead("own.news").ShouldBeFalse();
        _sessions.Find(session).ShouldBeNull();
    }

    [Fact]
    public void OldestSession_EndsWhenThereAreTooMany()
    {
        var first = _sessions.Open(_sessions.MakeToken())!;
        var caller = _sessions.Find(first)!;
        var others = Enumerable.Range(0, PageSessions.CountMax)
            .Select(_ => _sessions.Open(_sessions.MakeToken())!).ToList();
        _sessions.Find(first).ShouldBeNull();
        caller.Roles.ShouldBe(Role.None);
        others.ShouldAllBe(session => _sessions.Find(session) != null);
    }
}

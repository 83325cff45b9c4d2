using WikiBus.Server.Intake.Answers;
using WikiBus.Server.Intake.Judging;

namespace WikiBus.Server.Tests.Intake.Answers;

public sealed class IntakeAnswerTests
{
    [Theory]
    [InlineData(2, 0, 0, 201, "All 2 out of 2 events were accepted.")]
    [InlineData(200, 0, 0, 201, "All 200 out of 200 events were accepted.")]
    [InlineData(2, 2, 0, 400, "2 out of 2 events were invalid and not accepted.")]
    [InlineData(6, 2, 2, 207, "2 out of 6 events were accepted, but 4 failed (2 invalid and 2 errored).")]
    [InlineData(2, 1, 1, 500, "2 out of 2 events had failures and were not accepted. (1 invalid and 1 errored).")]
    public void Counts_DecideStatusAndReason(int count, int invalid, int error, int status, string reason)
    {
        var verdicts = new EventVerdicts();
        for (var number = 0; number < count; number++)
        {
            verdicts.Add(number < invalid ? EventVerdict.Violate(default, [])
                : number < invalid + error ? EventVerdict.Refuse(default, "m")
                : EventVerdict.Accept(default));
        }

        var answer = IntakeAnswer.Of(verdicts);
        answer.Status.ShouldBe(status);
        answer.Reason.ShouldBe(reason);
        answer.Verdicts.ShouldBe(status == 201 ? null : verdicts);
    }
}

namespace WikiBus.Server.Intake;

/// <summary>What a request is answered, and what is still under way then.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Pending">Not null: the log uses the batch until this is done.</param>
/// <param name="IsHandedOver">True: somebody else works on the batch now and gives it back.</param>
internal readonly record struct IntakeOutcome(IntakeAnswer Answer, Task? Pending = null, bool IsHandedOver = false);

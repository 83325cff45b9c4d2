namespace WikiBus.Storage.State;

/// <summary>What the writer of the state store is asked to do, one after the other.</summary>
internal abstract class StateWork;

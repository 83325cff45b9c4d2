namespace WikiBus.Storage;

/// <summary>
/// The log's files are damaged, or written by another version. The message says which file and which bytes, and what
/// to do.
/// </summary>
public sealed class LogDamagedException(string message) : Exception(message)
{
    internal const string WhatToDo = "Look with 'wikibus log check', mend with 'wikibus log repair'.";
}

using System.Runtime.CompilerServices;
using WikiBus.Server.Hosting;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>Servers in this process treat sockets as <c>wikibus serve</c> does.</summary>
internal static class SocketMode
{
    [ModuleInitializer]
    internal static void Set() => SocketThreads.RunWhatTheyFind();
}

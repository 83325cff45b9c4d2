return await WikiBus.Server.Commands.WikiBusCommand.RunAsync(args);

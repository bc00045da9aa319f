using Pondus.Cli;

return await CommandLine.RunAsync(args, CommandContext.ForConsole());

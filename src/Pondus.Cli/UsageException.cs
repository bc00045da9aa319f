namespace Pondus.Cli;

/// <summary>The command line itself is wrong: exit status 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
